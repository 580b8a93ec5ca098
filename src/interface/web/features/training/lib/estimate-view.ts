// What of an estimate may be told: a training that cannot start has no time that will come true.
import type { TrainingEstimate } from '../../../../../contracts/training.ts';

export interface EstimateView {
  blocked: boolean;
  /** `would`: if what blocks it were gone; null: nothing is known of it. */
  time: 'will' | 'would' | null;
}

export function viewOfEstimate({
  concerns,
  seconds,
}: Pick<TrainingEstimate, 'concerns' | 'seconds'>): EstimateView {
  const blocked = concerns.some(({ blocks }) => blocks);
  if (seconds <= 0) return { blocked, time: null };
  return { blocked, time: blocked ? 'would' : 'will' };
}
