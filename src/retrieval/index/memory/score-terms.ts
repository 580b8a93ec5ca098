// BM25 over collections in memory. The figures (how many passages, how long, how many hold a word) are those of all the
// collections that are searched, so that their passages stand in one ranking.
import { type Bm25Settings, idf } from '../bm25.ts';
import type { CollectionIndex } from './collection-index.ts';
import type { PostingList } from './posting-list.ts';

/** The score of each slot of each collection; 0 where no term is. A term that the question has twice counts twice. */
export function scoreTerms(
  collections: readonly CollectionIndex[],
  terms: readonly number[],
  settings: Bm25Settings,
): Float32Array[] {
  const sum = (of: (collection: CollectionIndex) => number) =>
    collections.reduce((total, collection) => total + of(collection), 0);
  const passages = sum((collection) => collection.passages);
  const { k1, b, contextWeight } = settings;
  const meanLength = Math.max(
    1,
    sum((collection) => collection.textTotal + contextWeight * collection.contextTotal) /
      Math.max(1, passages),
  );
  const scores = collections.map((collection) => new Float32Array(collection.slots));
  const times = new Map<number, number>();
  for (const term of terms) times.set(term, (times.get(term) ?? 0) + 1);
  for (const [term, asked] of times) {
    const lists = collections.map((collection) => collection.postings.get(term));
    const passagesWith = collections.reduce(
      (total, collection, at) => total + livingOf(collection, lists[at]),
      0,
    );
    if (passagesWith === 0) continue;
    const weight = asked * idf(passages, passagesWith);
    collections.forEach((collection, at) => {
      const list = lists[at];
      const own = scores[at];
      if (!list || !own) return;
      const { entries, size } = list;
      const { textLengths, contextLengths } = collection;
      for (let i = 0; i < size; i++) {
        const slot = entries[i * 2] ?? 0;
        const counts = entries[i * 2 + 1] ?? 0;
        const frequency = (counts & 0xff) + contextWeight * (counts >>> 8);
        const length = (textLengths[slot] ?? 0) + contextWeight * (contextLengths[slot] ?? 0);
        const held = k1 * (1 - b + (b * length) / meanLength);
        own[slot] = (own[slot] ?? 0) + (weight * frequency * (k1 + 1)) / (frequency + held);
      }
    });
  }
  return scores;
}

function livingOf(collection: CollectionIndex, list: PostingList | undefined): number {
  if (!list) return 0;
  if (collection.passages === collection.slots) return list.size;
  let living = 0;
  for (let at = 0; at < list.size; at++) if (collection.alive(list.entries[at * 2] ?? 0)) living++;
  return living;
}
