// Intervals and the sign test against values that were worked out by hand.
import { describe, expect, test } from 'vitest';
import { bootstrap, bootstrapMean, mean, median, percentile, signTest } from './statistics.ts';

test('percentiles are values that are there', () => {
  expect(percentile([5, 1, 3, 2, 4], 0.5)).toBe(3);
  expect(percentile([1, 2, 3, 4], 0.95)).toBe(4);
  expect(median([2, 1])).toBe(2);
  expect(percentile([], 0.5)).toBeNaN();
  expect(mean([])).toBe(0);
});

describe('the sign test', () => {
  test.each([
    // 2 x (1 + 10) / 2^10
    [9, 1, 22 / 1024],
    // 2 x 1 / 2^5
    [0, 5, 1 / 16],
    // 2 x (1 + 8 + 28) / 2^8
    [6, 2, 74 / 256],
    // The two tails meet: no more than certain.
    [3, 3, 1],
    [0, 0, 1],
  ])('of %i better and %i worse', (better, worse, p) => {
    expect(signTest(better, worse)).toBeCloseTo(p, 12);
    expect(signTest(worse, better)).toBeCloseTo(p, 12);
  });

  test('of many is what the normal curve says', () => {
    // z = (2 x 5100 - 10000 - 1) / 100 = 1.99 with continuity: two-sided 0.0466.
    expect(signTest(5100, 4900)).toBeCloseTo(0.0466, 3);
    expect(signTest(3000, 0)).toBe(0);
  });
});

describe('a bootstrap interval', () => {
  const values = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 1 : 0));

  test('is about two standard errors round the mean', () => {
    // Standard error of 100 in 400: sqrt(.25 x .75 / 400) = .02165.
    const { value, low, high } = bootstrapMean(values, { resamples: 4000 });
    expect(value).toBe(0.25);
    expect(0.25 - low).toBeCloseTo(1.96 * 0.02165, 2);
    expect(high - 0.25).toBeCloseTo(1.96 * 0.02165, 2);
  });

  test('is the same again, and of any measure', () => {
    const measured = bootstrap(values, mean);
    expect(measured).toEqual(bootstrapMean(values));
    expect(bootstrapMean(values)).toEqual(bootstrapMean(values));
    expect(bootstrapMean(values, { seed: 2 })).not.toEqual(bootstrapMean(values));
  });

  test('of equal values has no width', () => {
    expect(bootstrapMean([0.5, 0.5, 0.5])).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
  });
});
