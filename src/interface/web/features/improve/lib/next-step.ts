// What each part of the learning loop has and what is to be done next there, out of what the server knows.
import type { Dataset } from '../../../../../contracts/dataset.ts';
import type { Comparison, Evaluation } from '../../../../../contracts/evaluation.ts';
import type { TrainingRun } from '../../../../../contracts/training.ts';
import type { Promotion } from '../../../../../contracts/tuned-model.ts';

const newest = <T extends { createdAt: number }>(all: readonly T[]): T | null =>
  all.reduce<T | null>((best, one) => (best === null || one.createdAt > best.createdAt ? one : best), null);

export interface RateStep {
  /** Ratings since then are new. */
  since: { at: number; what: 'version' | 'dataset' } | null;
  /** Where they would go: the newest dataset that ratings can go into. */
  into: Pick<Dataset, 'id' | 'name'> | null;
}

export function rateStep(datasets: readonly Dataset[]): RateStep {
  const fitting = datasets.filter(({ kind, purpose }) => kind !== 'labels' && purpose === 'training');
  const into = newest(fitting);
  const version = newest(fitting.flatMap(({ versions }) => versions));
  if (into === null) return { since: null, into: null };
  return {
    since: version ? { at: version.createdAt, what: 'version' } : { at: into.createdAt, what: 'dataset' },
    into,
  };
}

export type DatasetStep =
  | { do: 'begin' }
  | { do: 'review'; dataset: Pick<Dataset, 'id' | 'name'>; pending: number; approved: number }
  | { do: 'freeze'; dataset: Pick<Dataset, 'id' | 'name'>; approved: number }
  | { do: 'ready'; approved: number; versions: number };

export function datasetStep(datasets: readonly Dataset[]): DatasetStep {
  if (datasets.length === 0) return { do: 'begin' };
  const approved = datasets.reduce((sum, { counts }) => sum + counts.approved, 0);
  const waiting = datasets.toSorted((a, b) => b.counts.pending - a.counts.pending)[0];
  if (waiting && waiting.counts.pending > 0)
    return { do: 'review', dataset: waiting, pending: waiting.counts.pending, approved };
  const unfrozen = datasets.find(({ counts, versions }) => counts.approved > 0 && versions.length === 0);
  if (unfrozen) return { do: 'freeze', dataset: unfrozen, approved };
  return {
    do: 'ready',
    approved,
    versions: datasets.reduce((sum, { versions }) => sum + versions.length, 0),
  };
}

export type TrainStep =
  | { do: 'train'; done: number }
  | { do: 'watch'; run: Pick<TrainingRun, 'id' | 'name' | 'step' | 'steps'> };

export function trainStep(runs: readonly TrainingRun[]): TrainStep {
  const live = newest(runs.filter(({ status }) => status === 'running' || status === 'queued'));
  if (live) return { do: 'watch', run: live };
  return { do: 'train', done: runs.filter(({ status }) => status === 'complete').length };
}

export type CompareStep =
  | { do: 'compare' }
  | { do: 'watch'; evaluation: Pick<Evaluation, 'id' | 'done' | 'total'> }
  | { do: 'read'; evaluation: Pick<Evaluation, 'id'>; comparison: Comparison };

export function compareStep(evaluations: readonly Evaluation[]): CompareStep {
  const live = newest(evaluations.filter(({ status }) => status === 'running' || status === 'queued'));
  if (live) return { do: 'watch', evaluation: live };
  const last = newest(
    evaluations.filter(({ status, comparisons }) => status === 'complete' && comparisons.length > 0),
  );
  const [comparison] = last?.comparisons ?? [];
  return last && comparison ? { do: 'read', evaluation: last, comparison } : { do: 'compare' };
}

/** The newest switch that still holds. */
export const switchStep = (promotions: readonly Promotion[]): Promotion | null =>
  newest(promotions.filter(({ state }) => state === 'active'));
