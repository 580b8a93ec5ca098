// Marks what an earlier process left open. When those spans ended is not known, so that their end stays empty.
import type { Compilable } from 'kysely';
import type { ErrorBody } from '../contracts/errors.ts';
import type { Store } from '../store/store.ts';

const interrupted: ErrorBody = {
  code: 'interrupted',
  message: 'The program ended before this was done. Ask again.',
  data: {},
  retryable: true,
};

export function markInterrupted({ db }: Store): Compilable[] {
  const open = db.selectFrom('traces').select('trace_id').where('status', '=', 'running');
  return [
    db
      .updateTable('spans')
      .set({ status: 'error', error: JSON.stringify(interrupted) })
      .where('status', '=', 'running')
      .where('trace_id', 'in', open),
    db.updateTable('traces').set({ status: 'error' }).where('status', '=', 'running'),
  ];
}
