// How long calls took, as counts in log-spaced steps a fifth apart: sums of hours stay sums, and a percentile read from
// them is right to about a tenth (the middle of a step is at most a factor of the root of 1.2 from its ends).

const FACTOR = Math.log(1.2);
/** Anything quicker lies in the first step; nothing that a person waits for is. */
const LEAST_MS = 0.1;

/** The step that holds a duration: above 1.2^(step - 1) ms, at most 1.2^step ms. */
export function latencyBucket(ms: number): number {
  // Rounded, so that an exact power does not fall into the next step by its last digit.
  return Math.ceil(Number((Math.log(Math.max(ms, LEAST_MS)) / FACTOR).toFixed(9)));
}

/** The middle of a step, in milliseconds. */
const middleOf = (bucket: number): number => Math.exp(FACTOR * (bucket - 0.5));

export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
}

/** Of counts by step. Null: there is no call. */
export function percentilesOf(counts: ReadonlyMap<number, number>): Percentiles | null {
  const steps = [...counts].sort(([a], [b]) => a - b);
  const total = steps.reduce((sum, [, calls]) => sum + calls, 0);
  if (total === 0) return null;
  const at = (share: number): number => {
    let seen = 0;
    for (const [bucket, calls] of steps) {
      seen += calls;
      if (seen >= share * total) return middleOf(bucket);
    }
    return middleOf(steps.at(-1)?.[0] ?? 0);
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
