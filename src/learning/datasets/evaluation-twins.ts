// What training learns from is kept apart from what judges it: which evaluation sets hold a question. It is asked whenever
// it matters and stored nowhere, so that removing an evaluation set, or one of its examples, frees what it held back.
import type { ExpressionBuilder } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';

const HASHES_AT_ONCE = 500;

/** Question hash to the name of a living evaluation set, other than `exceptId`, that holds it. */
export async function evaluationSetsOf(
  { db }: Pick<Store, 'db'>,
  questionHashes: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const hashes = [...new Set(questionHashes)];
  for (let from = 0; from < hashes.length; from += HASHES_AT_ONCE) {
    const rows = await db
      .selectFrom('examples')
      .innerJoin('datasets', 'datasets.id', 'examples.dataset_id')
      .select(['examples.question_hash', 'datasets.name'])
      .where('examples.question_hash', 'in', hashes.slice(from, from + HASHES_AT_ONCE))
      .where('examples.status', '<>', 'rejected')
      .where('datasets.purpose', '=', 'evaluation')
      .where('datasets.deleted_at', 'is', null)
      .orderBy('datasets.name', 'desc')
      .execute();
    for (const { question_hash, name } of rows) found.set(question_hash, name);
  }
  return found;
}

/** Of rows of `examples`: an evaluation set holds the question. */
export const isHeldByEvaluation = (eb: ExpressionBuilder<Database, 'examples'>) =>
  eb.exists(
    eb
      .selectFrom('examples as twin')
      .innerJoin('datasets as judge', 'judge.id', 'twin.dataset_id')
      .select('twin.id')
      .whereRef('twin.question_hash', '=', 'examples.question_hash')
      .where('twin.status', '<>', 'rejected')
      .where('judge.purpose', '=', 'evaluation')
      .where('judge.deleted_at', 'is', null),
  );
