// Budgets and rate limits: who may still call, what a call holds while it runs, and what it has spent.
import type { Budget, BudgetInput, RateLimit, Subject } from '../../contracts/access.ts';
import type { Admission, Admit, Ticket } from '../../contracts/admission.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { costOf, dollarsOf, noUsage } from '../../contracts/money.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import type { Store } from '../../store/store.ts';
import type { BudgetCounters, Charge, CountedBudget, Hold } from './counters.ts';
import { spentSince } from './ledger-floor.ts';
import { createMemoryCounters } from './memory-counters.ts';
import { periodEnd, periodStart } from './periods.ts';
import { createRateLimiter, type RateRefusal } from './rate-limiter.ts';
import { createSharedCounters } from './shared-counters.ts';
import { loadRules, type Rules } from './spending-rules.ts';

export interface Spending {
  admit: Admit;
  listBudgets(): Promise<Budget[]>;
  /** @throws AtelierError conflict when that subject has such a budget */
  createBudget(input: BudgetInput): Promise<Budget>;
  updateBudget(id: string, change: Partial<Pick<BudgetInput, 'amount' | 'action'>>): Promise<Budget>;
  removeBudget(id: string): Promise<void>;
  listLimits(): Promise<RateLimit[]>;
  setLimit(limit: RateLimit): Promise<void>;
  removeLimit(subject: Subject): Promise<void>;
  close(): Promise<void>;
}

export interface SpendingOptions {
  store: Store;
  log: Log;
  now?: () => number;
}

/** How long another node's changes of budgets and limits may take to count here. */
const RULES_MS = 2000;
/** Share of a budget from which a caller is told. */
const NEARLY = 0.8;

const nothing: Ticket = { free: true, warnings: [], settle: () => undefined };

export async function createSpending({ store, log, now = Date.now }: SpendingOptions): Promise<Spending> {
  let rules: Rules = await loadRules(store);
  let loadedAt = now();
  let loading = false;
  const startOf = ({ period }: CountedBudget) => periodStart(period, now());
  const counters: BudgetCounters =
    store.kind === 'postgres'
      ? createSharedCounters({ store, log, now })
      : await createMemoryCounters(
          { store, log, now, floor: (budget, start) => spentSince(store, budget, start) },
          rules.budgets,
          startOf,
        );
  const limiter = createRateLimiter(now);

  async function reload(): Promise<void> {
    rules = await loadRules(store);
    loadedAt = now();
  }

  /** Only where other nodes can change them. A call never waits for it. */
  function refresh(): void {
    if (store.kind !== 'postgres' || loading || now() - loadedAt < RULES_MS) return;
    loading = true;
    reload()
      .catch((error: unknown) => log.warn('budgets could not be read anew', { message: String(error) }))
      .finally(() => {
        loading = false;
      });
  }

  function holdsFor(budgets: readonly CountedBudget[], admission: Admission): Hold[] {
    // What is never charged goes on when the money is spent: a model of this machine is what is then left.
    const free = admission.models.every(({ price }) => price.kind === 'none');
    const counting = free ? budgets.filter(({ unit }) => unit === 'tokens') : budgets;
    if (counting.length === 0) return [];
    const { input, output } = admission.estimate();
    return counting.map((budget) => {
      const strict = budget.action === 'refuse';
      const hold = { budget, periodStart: startOf(budget), strict };
      if (budget.unit === 'tokens') return { ...hold, amount: input + output };
      const usage = { ...noUsage, input, output };
      const costs = admission.models.map((model) => {
        const cost = costOf(usage, model.price);
        if (cost.kind === 'unknown' && strict) throw unknownPrice(model.id, budget);
        return cost.kind === 'known' ? cost.nanoDollars : 0;
      });
      return { ...hold, amount: Math.max(0, ...costs) };
    });
  }

  async function refusal(hold: Hold): Promise<AtelierError> {
    const { budget } = hold;
    const { spent, reserved } = await counters.read(budget, hold.periodStart);
    const resetsAt = periodEnd(budget.period, now());
    const amount = amountOf(budget.unit);
    const whose = callerWords(budget.subject);
    const left = spent < budget.amount;
    const data = {
      budget: budget.id,
      subject: budget.subject,
      period: budget.period,
      unit: budget.unit,
      amount: budget.amount,
      spent,
      reserved,
      resetsAt,
      retryAfterSeconds: left ? 1 : Math.ceil((resetsAt - now()) / 1000),
    };
    const message = left
      ? `Calls under way hold the rest of the budget of ${whose} (${amount(spent)} spent and ${amount(reserved)} held of ${amount(budget.amount)} a ${budget.period}). Try again when they have ended.`
      : `The budget of ${whose} is spent: ${amount(spent)} of ${amount(budget.amount)} this ${budget.period}. It starts anew on ${new Date(resetsAt).toISOString()}; an admin can raise it.`;
    return new AtelierError('budget_exceeded', message, { data, retryable: left });
  }

  /** A warning that cannot be read must not leave a hold that nobody ends. */
  async function warningsFor(holds: readonly Hold[]): Promise<string[]> {
    return readWarnings(holds).catch((error: unknown) => {
      log.warn('how much budgets have left could not be read', { message: String(error) });
      return [];
    });
  }

  async function readWarnings(holds: readonly Hold[]): Promise<string[]> {
    const warnings: string[] = [];
    for (const { budget, periodStart: start } of holds) {
      const state = counters.read(budget, start);
      const { spent, reserved } = state instanceof Promise ? await state : state;
      if (spent + reserved < budget.amount * NEARLY) continue;
      const amount = amountOf(budget.unit);
      warnings.push(
        `The budget of ${callerWords(budget.subject)} is ${spent >= budget.amount ? 'spent' : 'nearly spent'}: ${amount(spent)} of ${amount(budget.amount)} this ${budget.period}.`,
      );
    }
    return warnings;
  }

  function ticketOf(
    id: string,
    holds: readonly Hold[],
    limits: readonly RateLimit[],
    estimated: number,
    warnings: readonly string[],
    admission: Admission,
  ): Ticket {
    let settled = false;
    return {
      warnings,
      ...(limits.length > 0 ? { limits: limiter.state(limits) } : {}),
      settle({ usage, cost, reached, estimatedOutput }) {
        if (settled) return;
        settled = true;
        const told = usage === null ? null : usage.input + usage.output;
        const input = holds.length + limits.length > 0 ? admission.estimate().input : 0;
        const tokens = told ?? (reached ? input + estimatedOutput : 0);
        if (limits.length > 0) limiter.correct(limits, estimated, tokens);
        if (holds.length === 0) return;
        const charges = holds.map((hold): Charge => {
          if (hold.budget.unit === 'tokens') return { hold, spent: tokens, unpriced: false };
          if (!reached || cost === null) return { hold, spent: 0, unpriced: false };
          if (cost.kind === 'known') return { hold, spent: cost.nanoDollars, unpriced: false };
          if (cost.kind === 'none') return { hold, spent: 0, unpriced: false };
          // A price that is not the whole of it, or no usage: the tokens that are known or estimated, at the list's price,
          // so that neither breaking off nor another service tier is free.
          // Which model it was is not known here: the dearest, as when it was reserved.
          const took = {
            ...noUsage,
            input: usage?.input ?? input,
            output: usage?.output ?? estimatedOutput,
          };
          const guesses = admission.models.map(({ price }) => costOf(took, price));
          const known = guesses.map((guess) => (guess.kind === 'known' ? guess.nanoDollars : 0));
          return { hold, spent: Math.max(0, ...known), unpriced: true };
        });
        counters.settle(id, charges);
      },
    };
  }

  const admit: Admit = (admission) => {
    refresh();
    const applies = matcher(admission);
    const budgets = rules.budgets.filter(({ subject }) => applies(subject));
    const limits = rules.limits.filter(({ subject }) => applies(subject));
    if (budgets.length === 0 && limits.length === 0) return nothing;
    const estimate = () => {
      const { input, output } = admission.estimate();
      return input + output;
    };
    // First what can refuse for good, so that a refused call takes nothing of the minute.
    const holds = budgets.length === 0 ? [] : holdsFor(budgets, admission);
    const refused = limits.length > 0 ? limiter.take(limits, estimate) : null;
    if (refused) throw rateError(refused, limiter.state(limits));
    const estimated = limits.some(({ tokensPerMinute }) => tokensPerMinute !== null) ? estimate() : 0;
    const id = newId('hold', now());
    if (holds.length === 0) return ticketOf(id, [], limits, estimated, [], admission);

    const finish = async (full: Hold | null): Promise<Ticket> => {
      if (full) {
        limiter.correct(limits, estimated, 0);
        throw await refusal(full);
      }
      return ticketOf(id, holds, limits, estimated, await warningsFor(holds), admission);
    };
    const result = counters.reserve(id, holds);
    return result instanceof Promise ? result.then(finish) : finish(result);
  };

  async function toBudget(budget: CountedBudget): Promise<Budget> {
    const { spent, reserved, unpricedCalls } = await counters.read(budget, startOf(budget));
    return { ...budget, spent, reserved, unpricedCalls, resetsAt: periodEnd(budget.period, now()) };
  }

  function budgetOf(id: string): CountedBudget {
    const found = rules.budgets.find((budget) => budget.id === id);
    if (found) return found;
    throw new AtelierError('not_found', `There is no budget ${id}.`, { data: { id } });
  }

  return {
    admit,
    async listBudgets() {
      await reload();
      return Promise.all(rules.budgets.map(toBudget));
    },
    async createBudget(input) {
      const id = newId('bud', now());
      const { subject, period, unit, amount, action } = input;
      const at = now();
      await store
        .write([
          store.db.insertInto('budgets').values({
            id,
            subject_kind: subject.kind,
            subject_id: subject.kind === 'everyone' ? '' : subject.id,
            period,
            unit,
            amount,
            action,
            created_at: at,
            updated_at: at,
          }),
        ])
        .catch((thrown: unknown) => {
          if (!(thrown instanceof AtelierError) || thrown.code !== 'conflict') throw thrown;
          throw new AtelierError(
            'conflict',
            `${subjectWords(subject)} has a budget of that kind for the ${period} already. Change that one.`,
            { data: { subject, period, unit, action }, cause: thrown },
          );
        });
      await reload();
      const budget = budgetOf(id);
      // What was spent before it existed counts too, where the ledger knows whose it was.
      const spent = await spentSince(store, budget, startOf(budget));
      if (spent > 0)
        counters.settle(id, [
          {
            hold: { budget, periodStart: startOf(budget), amount: 0, strict: false },
            spent,
            unpriced: false,
          },
        ]);
      return toBudget(budget);
    },
    async updateBudget(id, change) {
      budgetOf(id);
      await store.write([
        store.db
          .updateTable('budgets')
          .set({ ...change, updated_at: now() })
          .where('id', '=', id),
      ]);
      await reload();
      return toBudget(budgetOf(id));
    },
    async removeBudget(id) {
      budgetOf(id);
      await store.write([
        store.db.deleteFrom('budget_counters').where('budget_id', '=', id),
        store.db.deleteFrom('budget_reservations').where('budget_id', '=', id),
        store.db.deleteFrom('budgets').where('id', '=', id),
      ]);
      await reload();
    },
    async listLimits() {
      await reload();
      return [...rules.limits];
    },
    async setLimit({ subject, requestsPerMinute, tokensPerMinute }) {
      const values = {
        requests_per_minute: requestsPerMinute,
        tokens_per_minute: tokensPerMinute,
        updated_at: now(),
      };
      await store.write([
        store.db
          .insertInto('rate_limits')
          .values({
            subject_kind: subject.kind,
            subject_id: subject.kind === 'everyone' ? '' : subject.id,
            ...values,
          })
          .onConflict((conflict) => conflict.columns(['subject_kind', 'subject_id']).doUpdateSet(values)),
      ]);
      await reload();
    },
    async removeLimit({ kind, id }) {
      const [result] = await store.write([
        store.db.deleteFrom('rate_limits').where('subject_kind', '=', kind).where('subject_id', '=', id),
      ]);
      if (result?.affected === 0)
        throw new AtelierError('not_found', `${subjectWords({ kind, id })} has no limit.`, {
          data: { kind, id },
        });
      await reload();
    },
    close: () => counters.close(),
  };
}

/** Whether a subject's budgets and limits count a call. */
function matcher({ identity, app }: Admission): (subject: Subject) => boolean {
  return ({ kind, id }) => {
    switch (kind) {
      case 'everyone':
        return true;
      case 'user':
        return id === identity.userId;
      case 'key':
        return id === identity.keyId;
      case 'app':
        return id === app;
    }
  };
}

const subjectWords = ({ kind, id }: Subject): string => (kind === 'everyone' ? 'everyone' : `${kind} ${id}`);

/** For whoever called: it is their own key and their own person, whose ids they have never seen. */
const callerWords = (subject: Subject): string =>
  subject.kind === 'key' ? 'this key' : subject.kind === 'user' ? 'your account' : subjectWords(subject);

const amountOf =
  (unit: Budget['unit']) =>
  (amount: number): string =>
    unit === 'money' ? dollarsOf(amount) : `${amount.toLocaleString('en')} tokens`;

function unknownPrice(model: string, budget: CountedBudget): AtelierError {
  return new AtelierError(
    'budget_exceeded',
    `The price of ${model} is unknown, and the budget of ${callerWords(budget.subject)} refuses what it cannot count. Enter a price for the model under Models, or choose a model that has one.`,
    { data: { budget: budget.id, model, reason: 'unknown_price' } },
  );
}

function rateError({ what, limit, retryAfterMs }: RateRefusal, limits: Ticket['limits']): AtelierError {
  const seconds = retryAfterMs / 1000;
  return new AtelierError(
    'rate_limited',
    `At most ${limit.toLocaleString('en')} ${what} a minute are allowed here. Try again in ${seconds.toFixed(1)} s.`,
    { data: { what, limit, retryAfterSeconds: seconds, limits }, retryable: true },
  );
}
