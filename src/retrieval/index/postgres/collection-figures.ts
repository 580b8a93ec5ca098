// How many passages a collection has and how long they are together, for BM25. Counting 100,000 takes 10 ms, and a few
// passages more or less change no ranking, so the figures are kept for a while; this node's own changes are seen at once.
import { sql } from 'kysely';
import type { Store } from '../../../store/store.ts';

export interface CollectionFigures {
  passages: number;
  textTotal: number;
  contextTotal: number;
}

const KEPT_MS = 30_000;

export function createCollectionFigures(
  { db }: Store,
  now: () => number = Date.now,
): {
  of(collectionIds: readonly string[]): Promise<CollectionFigures>;
  forget(collectionId: string): void;
} {
  const known = new Map<string, { figures: Promise<CollectionFigures>; until: number }>();

  async function count(collectionId: string): Promise<CollectionFigures> {
    const { rows } = await sql<CollectionFigures>`select count(*) as passages,
      coalesce(sum(text_length), 0) as "textTotal", coalesce(sum(context_length), 0) as "contextTotal"
      from passage_index where collection_id = ${collectionId}`.execute(db);
    return rows[0] ?? { passages: 0, textTotal: 0, contextTotal: 0 };
  }

  function figuresOf(collectionId: string): Promise<CollectionFigures> {
    const entry = known.get(collectionId);
    if (entry && now() < entry.until) return entry.figures;
    const figures = count(collectionId);
    known.set(collectionId, { figures, until: now() + KEPT_MS });
    figures.catch(() => known.delete(collectionId));
    return figures;
  }

  return {
    async of(collectionIds) {
      const all = await Promise.all([...new Set(collectionIds)].map(figuresOf));
      return all.reduce(
        (sum, one) => ({
          passages: sum.passages + one.passages,
          textTotal: sum.textTotal + one.textTotal,
          contextTotal: sum.contextTotal + one.contextTotal,
        }),
        { passages: 0, textTotal: 0, contextTotal: 0 },
      );
    },
    forget: (collectionId) => void known.delete(collectionId),
  };
}
