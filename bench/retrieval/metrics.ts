// Figures of a ranking of documents, and the interval of a difference between two engines over the same questions.
import { bootstrapMean } from '../../src/lib/statistics.ts';
import type { RagQuestion } from './rag-sets.ts';

export const metricNames = ['R@1', 'R@5', 'MRR@10', 'nDCG@10'] as const;
export type Metric = (typeof metricNames)[number];
export type Figures = Record<Metric, number>;

/** @param ranking ids of documents, best first, each once */
export function figuresOf({ relevant }: RagQuestion, ranking: readonly string[]): Figures {
  const top = ranking.slice(0, 10);
  const first = top.findIndex((id) => relevant.has(id));
  const gain = (grades: readonly number[]) =>
    grades.reduce((sum, grade, at) => sum + grade / Math.log2(at + 2), 0);
  const ideal = gain([...relevant.values()].sort((a, b) => b - a).slice(0, 10));
  return {
    'R@1': first === 0 ? 1 : 0,
    'R@5': first >= 0 && first < 5 ? 1 : 0,
    'MRR@10': first < 0 ? 0 : 1 / (first + 1),
    'nDCG@10': ideal === 0 ? 0 : gain(top.map((id) => relevant.get(id) ?? 0)) / ideal,
  };
}

export interface Difference {
  mean: number;
  low: number;
  high: number;
}

const RESAMPLES = 2_000;

/** Mean of a - b question by question, with its 95 % percentile-bootstrap interval over the questions. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Difference {
  const differences = a.map((value, at) => value - (b[at] ?? 0));
  const { value, low, high } = bootstrapMean(differences, { resamples: RESAMPLES });
  return { mean: value, low, high };
}
