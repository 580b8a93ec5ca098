// Budgets and limits as they are stored.
import { budgetRuleSchema, type RateLimit, rateLimitSchema } from '../../contracts/access.ts';
import type { Store } from '../../store/store.ts';
import type { CountedBudget } from './counters.ts';

export interface Rules {
  budgets: readonly CountedBudget[];
  limits: readonly RateLimit[];
}

export async function loadRules({ db }: Store): Promise<Rules> {
  const [budgets, limits] = await Promise.all([
    db.selectFrom('budgets').selectAll().orderBy('created_at').orderBy('id').execute(),
    db.selectFrom('rate_limits').selectAll().orderBy('subject_kind').orderBy('subject_id').execute(),
  ]);
  return {
    budgets: budgets.map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      ...budgetRuleSchema.parse({
        subject: { kind: row.subject_kind, id: row.subject_id },
        period: row.period,
        unit: row.unit,
        amount: row.amount,
        action: row.action,
      }),
    })),
    limits: limits.map((row) =>
      rateLimitSchema.parse({
        subject: { kind: row.subject_kind, id: row.subject_id },
        requestsPerMinute: row.requests_per_minute,
        tokensPerMinute: row.tokens_per_minute,
      }),
    ),
  };
}
