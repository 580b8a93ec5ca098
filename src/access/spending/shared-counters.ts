// Counters that several nodes share in one store: reservations are rows, and the row of the budget is locked while one is
// added, so that calls of all nodes together stay within it. A node that dies leaves its reservations to expire.
import { sql } from 'kysely';
import type { Log } from '../../lib/log.ts';
import type { Store } from '../../store/store.ts';
import type { BudgetCounters, CounterState, Hold } from './counters.ts';

/** Longer than a call may take. */
const EXPIRES_MS = 3_600_000;
/** A store that is away for a moment must not lose what was spent. */
const SETTLE_TRIES = 5;
const SETTLE_AGAIN_MS = 1000;

export function createSharedCounters({
  store,
  log,
  now,
}: {
  store: Store;
  log: Log;
  now: () => number;
}): BudgetCounters {
  const { db } = store;
  let settling: Promise<unknown> = Promise.resolve();

  const spentOf = (budgetId: string, periodStart: number) =>
    sql`coalesce((select spent from budget_counters where budget_id = ${budgetId} and period_start = ${periodStart}), 0)`;
  const reservedOf = (budgetId: string, periodStart: number, at: number) =>
    sql`coalesce((select sum(amount) from budget_reservations where budget_id = ${budgetId} and period_start = ${periodStart} and expires_at > ${at}), 0)`;

  const compiled = (query: ReturnType<typeof sql>) => ({ compile: () => query.compile(db) });

  function reservation(id: string, { budget, periodStart, amount, strict }: Hold) {
    const at = now();
    const spent = spentOf(budget.id, periodStart);
    const reserved = reservedOf(budget.id, periodStart, at);
    const room = strict
      ? sql`(${spent} + ${reserved} + cast(${amount} as bigint) <= ${budget.amount} or (${spent} < ${budget.amount} and ${reserved} = 0))`
      : sql`1 = 1`;
    return compiled(
      sql`insert into budget_reservations (id, budget_id, period_start, amount, expires_at)
        select cast(${id} as text), id, cast(${periodStart} as bigint), cast(${amount} as bigint), cast(${at + EXPIRES_MS} as bigint)
        from budgets where id = ${budget.id} and ${room}`,
    );
  }

  return {
    async reserve(id, holds) {
      const ordered = [...holds].sort((a, b) => (a.budget.id < b.budget.id ? -1 : 1));
      const lock = store.kind === 'postgres' ? sql` for update` : sql``;
      const results = await store.write([
        ...ordered.map(({ budget }) => compiled(sql`select id from budgets where id = ${budget.id}${lock}`)),
        ...ordered.map((hold) => reservation(id, hold)),
      ]);
      const refused = ordered.find((_hold, at) => results[ordered.length + at]?.affected !== 1);
      if (refused === undefined) return null;
      await store.write([db.deleteFrom('budget_reservations').where('id', '=', id)]);
      return refused;
    },
    settle(id, charges) {
      const at = now();
      const statements = [
        db.deleteFrom('budget_reservations').where('id', '=', id),
        ...charges
          .filter(({ spent, unpriced }) => spent > 0 || unpriced)
          .map(({ hold: { budget, periodStart }, spent, unpriced }) =>
            compiled(
              sql`insert into budget_counters (budget_id, period_start, spent, unpriced_calls, updated_at)
                select id, cast(${periodStart} as bigint), cast(${spent} as bigint), cast(${unpriced ? 1 : 0} as bigint), cast(${at} as bigint)
                from budgets where id = ${budget.id}
                on conflict (budget_id, period_start) do update set spent = budget_counters.spent + excluded.spent,
                  unpriced_calls = budget_counters.unpriced_calls + excluded.unpriced_calls, updated_at = excluded.updated_at`,
            ),
          ),
      ];
      const write = async () => {
        for (let tries = 1; ; tries++) {
          try {
            await store.write(statements);
            return;
          } catch (error) {
            if (tries < SETTLE_TRIES)
              await new Promise((again) => setTimeout(again, SETTLE_AGAIN_MS * tries));
            else {
              log.error(
                'what a call has spent could not be counted; its reservation stays until it expires',
                {
                  message: String(error),
                  charges: charges.map(({ hold, spent }) => `${hold.budget.id} ${spent}`).join(', '),
                },
              );
              return;
            }
          }
        }
      };
      settling = settling.then(write);
    },
    async read({ id }, periodStart): Promise<CounterState> {
      // In one statement: between two a call may settle, and be in neither figure.
      const unpriced = sql`coalesce((select unpriced_calls from budget_counters where budget_id = ${id} and period_start = ${periodStart}), 0)`;
      const query = sql<{ spent: number; reserved: number; unpriced: number }>`select
        ${spentOf(id, periodStart)} as spent, ${reservedOf(id, periodStart, now())} as reserved, ${unpriced} as unpriced`;
      const [row] = (await query.execute(db)).rows;
      return {
        spent: Number(row?.spent ?? 0),
        reserved: Number(row?.reserved ?? 0),
        unpricedCalls: Number(row?.unpriced ?? 0),
      };
    },
    close: async () => {
      await settling;
    },
  };
}
