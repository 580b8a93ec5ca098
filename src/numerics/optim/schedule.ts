// The learning rate over a run: up from 0 in a straight line, then by the schedule down to 0 at the end.

export type Schedule = 'constant' | 'linear' | 'cosine';

export interface ScheduleOptions {
  schedule: Schedule;
  /** The highest rate. */
  learningRate: number;
  /** Steps of the run. */
  steps: number;
  warmupSteps: number;
}

const shapes: Readonly<Record<Schedule, (progress: number) => number>> = {
  constant: () => 1,
  linear: (progress) => 1 - progress,
  cosine: (progress) => 0.5 * (1 + Math.cos(Math.PI * progress)),
};

/**
 * As transformers reckons it: the first step of a warm-up has rate 0.
 * @param step from 0, the first
 */
export function learningRateAt(
  step: number,
  { schedule, learningRate, steps, warmupSteps }: ScheduleOptions,
): number {
  if (step < warmupSteps) return (learningRate * step) / warmupSteps;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
  return learningRate * shapes[schedule](progress);
}
