// The bootstrap interval of a ratio of pairs, and how it is told.
import { bootstrapMean, median } from '../src/lib/statistics.ts';

export { median, percentile } from '../src/lib/statistics.ts';

/** Geometric mean of the pairs' ratios a/b with its 95 % percentile-bootstrap interval (5,000 resamples). */
export function ratioOfPairs(pairs: readonly (readonly [number, number])[]): {
  ratio: number;
  low: number;
  high: number;
} {
  const { value, low, high } = bootstrapMean(
    pairs.map(([a, b]) => Math.log(a / b)),
    { resamples: 5000 },
  );
  return { ratio: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}

export function printRatio(what: string, pairs: readonly (readonly [number, number])[], goal: string): void {
  const { ratio, low, high } = ratioOfPairs(pairs);
  const [a, b] = [median(pairs.map((pair) => pair[0])), median(pairs.map((pair) => pair[1]))];
  process.stdout.write(
    `${what}: ${a.toFixed(1)} against ${b.toFixed(1)}, ratio ${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] over ${pairs.length} pairs (${goal})\n`,
  );
}
