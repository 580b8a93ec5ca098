// What training learns from is kept apart from what judges it: which evaluation sets hold a question. It is asked whenever
// it matters and stored nowhere, so that removing an evaluation set, or one of its examples, frees what it held back.
import type { ExpressionBuilder } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { DatasetRow } from './dataset-rows.ts';

const HASHES_AT_ONCE = 500;

/** The living evaluation sets that a dataset is kept apart from; none for an evaluation set itself. */
export async function judgesOf(
  { db }: Pick<Store, 'db'>,
  { purpose }: Pick<DatasetRow, 'purpose'>,
): Promise<Map<string, string>> {
  if (purpose !== 'training') return new Map();
  const rows = await db
    .selectFrom('datasets')
    .select(['id', 'name'])
    .where('purpose', '=', 'evaluation')
    .where('deleted_at', 'is', null)
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Question hash to the name of an evaluation set that holds it, for a dataset that is to be trained on. */
export async function heldQuestions(
  store: Pick<Store, 'db'>,
  dataset: Pick<DatasetRow, 'purpose'>,
  questionHashes: readonly string[],
): Promise<Map<string, string>> {
  const judges = await judgesOf(store, dataset);
  const found = new Map<string, string>();
  if (judges.size === 0) return found;
  const hashes = [...new Set(questionHashes)];
  for (let from = 0; from < hashes.length; from += HASHES_AT_ONCE) {
    const rows = await store.db
      .selectFrom('examples')
      .select(['question_hash', 'dataset_id'])
      .where('dataset_id', 'in', [...judges.keys()])
      .where('question_hash', 'in', hashes.slice(from, from + HASHES_AT_ONCE))
      .where('status', '<>', 'rejected')
      .execute();
    for (const { question_hash, dataset_id } of rows) found.set(question_hash, judges.get(dataset_id) ?? '');
  }
  return found;
}

/** Of rows of `examples`: one of these evaluation sets, of which there is at least one, holds the question. */
export const isHeldBy = (judgeIds: readonly string[]) => (eb: ExpressionBuilder<Database, 'examples'>) =>
  eb.exists(
    eb
      .selectFrom('examples as twin')
      .select('twin.id')
      .where('twin.dataset_id', 'in', judgeIds)
      .whereRef('twin.question_hash', '=', 'examples.question_hash')
      .where('twin.status', '<>', 'rejected'),
  );
