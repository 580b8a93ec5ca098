// What a search says about whether the documents hold an answer, as numbers that a logistic model weighs.

import { passageText } from '../../contracts/chunk.ts';
import type { SearchHit } from '../../contracts/knowledge.ts';
import { termsOf } from '../../retrieval/index/analyse.ts';

/** Each is bounded, so that one odd search cannot decide alone. */
export const evidenceNames = [
  /** Cosine of the nearest passage. */
  'cosine',
  /** How far the nearest is ahead of the fifth by cosine. */
  'gap',
  /** BM25 of the best passage for each different content word of the question. */
  'bm25',
  /** Share of the question's content words that one of the first passages has. */
  'coverage',
  /** Share of them that the first passages have together. */
  'together',
  /** Whether the first passage by meaning and the first by words are of the same document. */
  'agreement',
] as const;
export type EvidenceName = (typeof evidenceNames)[number];
export type Evidence = Record<EvidenceName, number>;

const FIRST = 3;
const FIFTH = 4;
const MOST_BM25 = 8;

export function evidenceOf(question: string, hits: readonly SearchHit[]): Evidence {
  const words = [...new Set(termsOf(question))];
  const first = hits.slice(0, FIRST).map((hit) => new Set(termsOf(passageText(hit))));
  const share = (count: number) => (words.length === 0 ? 0 : count / words.length);
  const byMeaning = sorted(hits, 'vector');
  const byWords = sorted(hits, 'lexical');
  const cosines = byMeaning.map(({ scores }) => scores.vector ?? 0);
  const best = cosines[0] ?? 0;
  const bm25 = byWords[0]?.scores.lexical ?? 0;
  return {
    cosine: best,
    gap: best === 0 ? 0 : best - (cosines[Math.min(FIFTH, cosines.length - 1)] ?? best),
    bm25: Math.min(MOST_BM25, words.length === 0 ? 0 : bm25 / words.length),
    coverage: share(Math.max(0, ...first.map((terms) => words.filter((word) => terms.has(word)).length))),
    together: share(words.filter((word) => first.some((terms) => terms.has(word))).length),
    agreement: byMeaning[0] !== undefined && byMeaning[0].documentId === byWords[0]?.documentId ? 1 : 0,
  };
}

function sorted(hits: readonly SearchHit[], by: 'vector' | 'lexical'): SearchHit[] {
  return hits
    .filter((hit) => hit.scores[by] !== null)
    .sort((a, b) => (b.scores[by] ?? 0) - (a.scores[by] ?? 0));
}
