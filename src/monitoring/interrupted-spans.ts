// Marks what an earlier process left open, or one of those that share the store and has ended. When those spans ended is
// not known, so that their end stays empty.
import type { Compilable } from 'kysely';
import type { ErrorBody } from '../contracts/errors.ts';
import { isLeft } from '../store/ownership.ts';
import type { Store } from '../store/store.ts';

const interrupted: ErrorBody = {
  code: 'interrupted',
  message: 'The program ended before this was done. Ask again.',
  data: {},
  retryable: true,
};

export function markInterrupted(store: Store): Compilable[] {
  const { db } = store;
  const open = db.selectFrom('traces').select('trace_id').where('status', '=', 'running');
  return [
    db
      .updateTable('spans')
      .set({ status: 'error', error: JSON.stringify(interrupted) })
      .where('status', '=', 'running')
      .where('trace_id', 'in', open)
      .where(isLeft(store, 'owner')),
    db
      .updateTable('traces')
      .set({ status: 'error' })
      .where('status', '=', 'running')
      .where(isLeft(store, 'owner')),
  ];
}
