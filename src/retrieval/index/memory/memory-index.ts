// The index of the embedded store: every collection in memory, searched as one. Runs in a worker thread; it knows nothing
// of the store, and is told of rows as they are read and changed.
import { bm25Settings } from '../bm25.ts';
import { unpackVector } from '../half.ts';
import { unpackTerms } from '../passage-terms.ts';
import { CollectionIndex } from './collection-index.ts';
import type { IndexRow, RankedRows, RankRequest } from './messages.ts';
import { scoreTerms } from './score-terms.ts';

export class MemoryIndex {
  readonly #collections = new Map<string, CollectionIndex>();

  add(rows: readonly IndexRow[]): void {
    for (const { number, collectionId, documentId, terms, vector } of rows) {
      let collection = this.#collections.get(collectionId);
      if (!collection) {
        collection = new CollectionIndex();
        this.#collections.set(collectionId, collection);
      }
      collection.add({
        number,
        documentId,
        terms: unpackTerms(terms),
        vector: vector === null ? null : unpackVector(vector),
      });
    }
  }

  removeDocument(documentId: string, collectionId: string): void {
    const collection = this.#collections.get(collectionId);
    collection?.removeDocument(documentId);
    if (collection?.passages === 0) this.#collections.delete(collectionId);
  }

  forget(numbers: readonly number[]): void {
    for (const [id, collection] of this.#collections) {
      for (const number of numbers) collection.removePassage(number);
      if (collection.passages === 0) this.#collections.delete(id);
    }
  }

  /** The best of either ranking, each with both scores. */
  rank({ terms, vector, collectionIds, documentIds, depth }: RankRequest): RankedRows {
    const collections = [...new Set(collectionIds)].flatMap((id) => this.#collections.get(id) ?? []);
    const among = documentIds && collections.map((collection) => collection.slotsOf(documentIds));
    const scores = terms && scoreTerms(collections, terms, bm25Settings);
    const chosen = new Map<number, { at: number; slot: number }>();
    const choose = ({ at, slot }: { at: number; slot: number }) =>
      chosen.set(collections[at]?.numbers[slot] ?? -1, { at, slot });
    if (scores) for (const one of best(collections, scores, among, depth)) choose(one);
    const blocks = collections.map((collection) => vector && collection.vectorsOf(vector.length));
    if (vector) {
      const hits = blocks.flatMap((block, at) =>
        (block?.search(vector, depth, among?.[at] ?? null) ?? []).map((hit) => ({ ...hit, at })),
      );
      hits.sort((a, b) => b.cosine - a.cosine);
      for (const one of hits.slice(0, depth)) choose(one);
    }
    const places = [...chosen.values()];
    return {
      numbers: Float64Array.from(chosen.keys()),
      lexical: Float32Array.from(places, ({ at, slot }) => scores?.[at]?.[slot] ?? 0),
      cosines: Float32Array.from(
        places,
        ({ at, slot }) => (vector && blocks[at]?.cosine(slot, vector)) ?? Number.NaN,
      ),
    };
  }

  /** Numbers of all passages, and of those that have a vector. */
  contents(): { numbers: Float64Array; withVector: Float64Array } {
    const entries = [...this.#collections.values()].flatMap((collection) => [...collection.entries()]);
    return {
      numbers: Float64Array.from(entries, ({ number }) => number),
      withVector: Float64Array.from(
        entries.filter(({ vector }) => vector),
        ({ number }) => number,
      ),
    };
  }
}

interface Slot {
  at: number;
  slot: number;
  score: number;
}

/** The slots with the highest scores, without sorting all of them: whatever is below the worst kept is passed over. */
function best(
  collections: readonly CollectionIndex[],
  scores: readonly Float32Array[],
  among: readonly number[][] | null,
  limit: number,
): Slot[] {
  let kept: Slot[] = [];
  let least = 0;
  const offer = (at: number, slot: number) => {
    const score = scores[at]?.[slot] ?? 0;
    if (score <= least || !collections[at]?.alive(slot)) return;
    kept.push({ at, slot, score });
    if (kept.length < limit * 4) return;
    kept = kept.sort((a, b) => b.score - a.score).slice(0, limit);
    least = kept.at(-1)?.score ?? 0;
  };
  collections.forEach((collection, at) => {
    const slots = among?.[at];
    if (slots) for (const slot of slots) offer(at, slot);
    else for (let slot = 0; slot < collection.slots; slot++) offer(at, slot);
  });
  return kept.sort((a, b) => b.score - a.score).slice(0, limit);
}
