// Counters of the one process that holds the data folder: exact in memory, so that a call waits for nothing, and stored
// within 100 ms. What a kill loses of them is found again in the ledger's hourly figures (`floor`).
import type { Log } from '../../lib/log.ts';
import type { Store } from '../../store/store.ts';
import { type BudgetCounters, type CountedBudget, type CounterState, fits } from './counters.ts';

const FLUSH_MS = 100;

interface Counter extends CounterState {
  budgetId: string;
  periodStart: number;
}

export interface MemoryCountersOptions {
  store: Store;
  log: Log;
  /** Least that a period must have spent, as the ledger knows it. */
  floor: (budget: CountedBudget, periodStart: number) => Promise<number>;
  now: () => number;
}

export async function createMemoryCounters(
  { store, log, floor, now }: MemoryCountersOptions,
  budgets: readonly CountedBudget[],
  startOf: (budget: CountedBudget) => number,
): Promise<BudgetCounters> {
  const counters = new Map<string, Counter>();
  const dirty = new Set<Counter>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  for (const row of await store.db.selectFrom('budget_counters').selectAll().execute()) {
    counters.set(`${row.budget_id} ${row.period_start}`, {
      budgetId: row.budget_id,
      periodStart: row.period_start,
      spent: row.spent,
      reserved: 0,
      unpricedCalls: row.unpriced_calls,
    });
  }
  for (const budget of budgets) {
    const counter = counterOf(budget, startOf(budget));
    const least = await floor(budget, counter.periodStart);
    if (least > counter.spent) change(counter, least - counter.spent);
  }

  function counterOf({ id }: CountedBudget, periodStart: number): Counter {
    const key = `${id} ${periodStart}`;
    const known = counters.get(key);
    if (known) return known;
    const fresh = { budgetId: id, periodStart, spent: 0, reserved: 0, unpricedCalls: 0 };
    counters.set(key, fresh);
    return fresh;
  }

  function change(counter: Counter, spent: number): void {
    counter.spent += spent;
    dirty.add(counter);
    timer ??= setTimeout(() => {
      timer = null;
      writing = writing.then(flush);
    }, FLUSH_MS);
  }

  async function flush(): Promise<void> {
    const rows = [...dirty];
    dirty.clear();
    if (rows.length === 0) return;
    const at = now();
    try {
      // A budget may have been removed meanwhile; its counters went with it.
      const known = await store.db.selectFrom('budgets').select('id').execute();
      const ids = new Set(known.map(({ id }) => id));
      const kept = rows.filter(({ budgetId }) => ids.has(budgetId));
      if (kept.length === 0) return;
      await store.write(
        kept.map(({ budgetId, periodStart, spent, unpricedCalls }) => {
          const values = { spent, unpriced_calls: unpricedCalls, updated_at: at };
          return store.db
            .insertInto('budget_counters')
            .values({ budget_id: budgetId, period_start: periodStart, ...values })
            .onConflict((conflict) => conflict.columns(['budget_id', 'period_start']).doUpdateSet(values));
        }),
      );
    } catch (error) {
      for (const row of rows) dirty.add(row);
      log.error('what budgets have spent could not be stored; tried again with the next call', {
        message: String(error),
      });
    }
  }

  return {
    reserve(_id, holds) {
      const refused = holds.find(
        (hold) => hold.strict && !fits(counterOf(hold.budget, hold.periodStart), hold),
      );
      if (refused) return refused;
      for (const { budget, periodStart, amount } of holds) counterOf(budget, periodStart).reserved += amount;
      return null;
    },
    settle(_id, charges) {
      for (const { hold, spent, unpriced } of charges) {
        const counter = counterOf(hold.budget, hold.periodStart);
        counter.reserved -= hold.amount;
        if (unpriced) counter.unpricedCalls += 1;
        if (spent > 0 || unpriced) change(counter, spent);
      }
    },
    read: (budget, periodStart) => ({ ...counterOf(budget, periodStart) }),
    async close() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await writing;
      await flush();
    },
  };
}
