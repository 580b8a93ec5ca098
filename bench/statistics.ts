// Medians, percentiles and the bootstrap interval of a ratio of pairs.

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** A small generator with a seed, so that an interval is repeatable (Mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Geometric mean of the pairs' ratios a/b with its 95 % percentile-bootstrap interval (5,000 resamples). */
export function ratioOfPairs(pairs: readonly (readonly [number, number])[]): {
  ratio: number;
  low: number;
  high: number;
} {
  const logs = pairs.map(([a, b]) => Math.log(a / b));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const random = generator(1);
  const means = Array.from({ length: 5000 }, () =>
    mean(logs.map(() => logs[Math.floor(random() * logs.length)] ?? 0)),
  );
  return {
    ratio: Math.exp(mean(logs)),
    low: Math.exp(percentile(means, 0.025)),
    high: Math.exp(percentile(means, 0.975)),
  };
}

export function printRatio(what: string, pairs: readonly (readonly [number, number])[], goal: string): void {
  const { ratio, low, high } = ratioOfPairs(pairs);
  const [a, b] = [median(pairs.map((pair) => pair[0])), median(pairs.map((pair) => pair[1]))];
  process.stdout.write(
    `${what}: ${a.toFixed(1)} against ${b.toFixed(1)}, ratio ${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] over ${pairs.length} pairs (${goal})\n`,
  );
}

/** 95 % percentile-bootstrap interval of a measure over rows (1,000 resamples). */
export function bootstrap<Row>(
  rows: readonly Row[],
  measure: (rows: readonly Row[]) => number,
): { low: number; high: number } {
  const random = generator(1);
  const values = Array.from({ length: 1000 }, () =>
    measure(Array.from(rows, () => rows[Math.floor(random() * rows.length)] as Row)),
  );
  return { low: percentile(values, 0.025), high: percentile(values, 0.975) };
}
