// Percentiles out of the steps lie within a tenth of those of the durations themselves.
import { expect, test } from 'vitest';
import { latencyBucket, percentilesOf } from './latency-buckets.ts';

test('a percentile is right to about a tenth, from under a millisecond to hours', () => {
  for (const scale of [0.3, 7, 900, 3_600_000]) {
    const durations = Array.from({ length: 1000 }, (_, i) => scale * (1 + (i * 37) / 1000));
    const counts = new Map<number, number>();
    for (const ms of durations) counts.set(latencyBucket(ms), (counts.get(latencyBucket(ms)) ?? 0) + 1);
    const found = percentilesOf(counts);
    for (const [share, value] of [
      [0.5, found?.p50],
      [0.95, found?.p95],
      [0.99, found?.p99],
    ] as const) {
      const exact = durations[Math.ceil(share * 1000) - 1] ?? 0;
      expect(Math.abs(Math.log((value ?? 0) / exact))).toBeLessThan(Math.log(1.1));
    }
  }
});

test('no call has no percentile, and one call has its own three times', () => {
  expect(percentilesOf(new Map())).toBeNull();
  const one = percentilesOf(new Map([[latencyBucket(100), 1]]));
  expect(one?.p50).toBe(one?.p99);
  expect(one?.p50).toBeGreaterThan(90);
  expect(one?.p50).toBeLessThan(110);
});

test('a step ends where it says', () => {
  expect([0, 0.1, 1, 1.0001, 1.2, 1.21, 1.44].map(latencyBucket)).toEqual([-12, -12, 0, 1, 1, 2, 2]);
});
