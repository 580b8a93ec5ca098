// Which words of a question lead to the passages that are scored. In a large collection a frequent word alone would
// bring ten thousand rows and says little, so the rare ones lead, as many as bring few enough rows, and the frequent ones
// only add to the scores of what those found (the idea of MaxScore, Turtle and Flood 1995, without its proof). In a small
// collection every word leads.
import { sql } from 'kysely';
import type { Store } from '../../../store/store.ts';
import { textArray } from './postgres-arrays.ts';

export interface DrivingTerms {
  /** Terms that lead; the others are in `held`. */
  leading: number[];
  /** Terms that only add, with how many passages hold them. */
  held: Map<number, number>;
}

export interface DrivingTermsOptions {
  /** Passages from which frequent words do not lead. */
  large?: number;
  /** Rows that are scored, about. */
  mostRows?: number;
  now?: () => number;
}

const KEPT_MS = 300_000;
const KEPT_TERMS = 20_000;

export function createDrivingTerms(
  { db }: Store,
  { large = 5_000, mostRows = 4_000, now = Date.now }: DrivingTermsOptions = {},
): (terms: readonly number[], collectionIds: readonly string[], passages: number) => Promise<DrivingTerms> {
  /** How many passages of these collections hold a term: counted once in a while, since it moves slowly. */
  const known = new Map<string, { count: number; until: number }>();

  async function countsOf(terms: readonly number[], collectionIds: readonly string[]): Promise<number[]> {
    const key = (term: number) => `${collectionIds.join(' ')} ${term}`;
    const missing = terms.filter((term) => (known.get(key(term))?.until ?? 0) <= now());
    if (missing.length > 0) {
      if (known.size > KEPT_TERMS) known.clear();
      const { rows } = await sql<{ term: number; count: number }>`select asked.term, (
          select count(*) from passage_index
          where collection_id = any(${textArray(collectionIds)}::text[]) and terms @> array[asked.term]) as count
        from unnest(${`{${missing.join(',')}}`}::int4[]) as asked (term)`.execute(db);
      for (const { term, count } of rows) known.set(key(term), { count, until: now() + KEPT_MS });
    }
    return terms.map((term) => known.get(key(term))?.count ?? 0);
  }

  return async (terms, collectionIds, passages) => {
    const different = [...new Set(terms)];
    if (passages < large) return { leading: different, held: new Map() };
    const counts = await countsOf(different, collectionIds);
    const rarestFirst = different
      .map((term, at) => ({ term, count: counts[at] ?? 0 }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => a.count - b.count);
    const leading: number[] = [];
    const held = new Map<number, number>();
    let rows = 0;
    for (const { term, count } of rarestFirst) {
      if (leading.length === 0 || rows + count <= mostRows) {
        leading.push(term);
        rows += count;
      } else held.set(term, count);
    }
    return { leading, held };
  };
}
