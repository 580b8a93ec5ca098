// How sure a figure is: percentile bootstrap intervals with a seed (Efron 1979) and the exact sign test.
import { seededRandom } from './seeded-random.ts';

export interface Estimate {
  value: number;
  /** 95 % interval. */
  low: number;
  high: number;
}

export interface ResampleOptions {
  resamples?: number;
  seed?: number;
}

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value below which that share lies (nearest rank); NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

const RESAMPLES = 1000;

/** Of any measure over rows. */
export function bootstrap<Row>(
  rows: readonly Row[],
  measure: (rows: readonly Row[]) => number,
  { resamples = RESAMPLES, seed = 1 }: ResampleOptions = {},
): Estimate {
  const random = seededRandom(seed);
  const drawn = Array.from({ length: resamples }, () =>
    measure(Array.from(rows, () => rows[Math.floor(random() * rows.length)] as Row)),
  );
  return between(measure(rows), drawn);
}

/** Of the mean: the same draws as `bootstrap`, without a copy of the rows for each. */
export function bootstrapMean(
  values: readonly number[],
  { resamples = RESAMPLES, seed = 1 }: ResampleOptions = {},
): Estimate {
  const random = seededRandom(seed);
  const all = Float64Array.from(values);
  const drawn = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let left = all.length; left > 0; left--) sum += all[Math.floor(random() * all.length)] ?? 0;
    return all.length === 0 ? 0 : sum / all.length;
  });
  return between(mean(values), drawn);
}

const between = (value: number, drawn: readonly number[]): Estimate => ({
  value,
  low: percentile(drawn, 0.025),
  high: percentile(drawn, 0.975),
});

/** Two-sided p that as uneven a split, or a more uneven one, comes of fair coins. Ties are left out. */
export function signTest(better: number, worse: number): number {
  const decided = better + worse;
  // Logarithms: a half to the power of a thousand is no number any more.
  let log = -decided * Math.LN2;
  let tail = 0;
  for (let heads = 0; heads <= Math.min(better, worse); heads++) {
    tail += Math.exp(log);
    log += Math.log((decided - heads) / (heads + 1));
  }
  return Math.min(1, 2 * tail);
}
