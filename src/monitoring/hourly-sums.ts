// What was called since an hour, from the hourly figures: no span is read.
import type { Store } from '../store/store.ts';
import type { CallSums } from './ledger.ts';

const HOUR_MS = 3_600_000;

export async function sumSince({ db }: Store, from: number, userId: string | null): Promise<CallSums> {
  let query = db
    .selectFrom('usage_hourly')
    .select((eb) => [
      'source',
      eb.fn.sum<number | string | null>('calls').as('calls'),
      eb.fn.sum<number | string | null>('errors').as('errors'),
      eb.fn.sum<number | string | null>('cost_nano').as('cost_nano'),
      eb.fn.sum<number | string | null>('unpriced_calls').as('unpriced_calls'),
    ])
    .where('hour', '>=', from - (from % HOUR_MS))
    .groupBy('source');
  if (userId !== null) query = query.where('user_id', '=', userId);
  const sums: CallSums = { calls: 0, errors: 0, apiCalls: 0, costNano: 0, unpricedCalls: 0 };
  for (const row of await query.execute()) {
    sums.calls += Number(row.calls);
    sums.errors += Number(row.errors);
    sums.costNano += Number(row.cost_nano);
    sums.unpricedCalls += Number(row.unpriced_calls);
    if (row.source === 'api') sums.apiCalls += Number(row.calls);
  }
  return sums;
}
