// What the ledger's hourly figures say was spent: a budget made in the middle of a period counts from its start, and what a
// kill lost of a counter is found again.
import type { Store } from '../../store/store.ts';
import type { CountedBudget } from './counters.ts';

export async function spentSince({ db }: Store, budget: CountedBudget, from: number): Promise<number> {
  const { kind, id } = budget.subject;
  let query = db
    .selectFrom('usage_hourly')
    .select((eb) => [
      eb.fn.sum<number | string | null>('cost_nano').as('money'),
      eb.fn.sum<number | string | null>('input_tokens').as('input'),
      eb.fn.sum<number | string | null>('output_tokens').as('output'),
    ])
    .where('hour', '>=', from);
  if (kind === 'user') query = query.where('user_id', '=', id);
  if (kind === 'key') query = query.where('key_id', '=', id);
  if (kind === 'app') query = query.where('app', '=', id);
  const row = await query.executeTakeFirst();
  return budget.unit === 'money'
    ? Number(row?.money ?? 0)
    : Number(row?.input ?? 0) + Number(row?.output ?? 0);
}
