// Two rankings into one: the scores of each, standardised over the candidates (z-scores), weighed and added. Ranks alone
// (reciprocal rank fusion, Cormack 2009) throw away how far ahead the first one is; both were measured (docs/log.md).
import type { Candidate } from './engine.ts';

export interface FusionSettings {
  /** Share of the vector's score; the rest is the words'. */
  vectorWeight: number;
}

export const fusionSettings: FusionSettings = { vectorWeight: 0.6 };

export interface FusedCandidate extends Candidate {
  score: number;
}

/** Best first; equal scores by number. A ranking that gave nothing to any candidate has no say. */
export function fuse(
  candidates: readonly Candidate[],
  { vectorWeight }: FusionSettings = fusionSettings,
): FusedCandidate[] {
  const lexical = candidates.map((candidate) => candidate.lexical);
  const vector = candidates.map((candidate) => candidate.vector);
  const ofLexical = standardised(lexical);
  const ofVector = standardised(vector);
  const alone = lexical.every((score) => score === null) || vector.every((score) => score === null);
  return candidates
    .map((candidate, at) => ({
      ...candidate,
      score: alone
        ? (candidate.vector ?? candidate.lexical ?? 0)
        : vectorWeight * (ofVector[at] ?? 0) + (1 - vectorWeight) * (ofLexical[at] ?? 0),
    }))
    .sort((a, b) => b.score - a.score || a.number - b.number);
}

/** A passage without a score stands as low as the lowest; for words, whose least score is none, that is 0. */
function standardised(scores: readonly (number | null)[]): number[] {
  const known = scores.filter((score) => score !== null);
  if (known.length === 0) return scores.map(() => 0);
  const lowest = Math.min(...known);
  const filled = scores.map((score) => score ?? Math.min(0, lowest));
  const mean = filled.reduce((sum, score) => sum + score, 0) / filled.length;
  const deviation = Math.sqrt(filled.reduce((sum, score) => sum + (score - mean) ** 2, 0) / filled.length);
  return filled.map((score) => (deviation > 0 ? (score - mean) / deviation : 0));
}
