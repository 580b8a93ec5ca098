import { expect, test } from 'vitest';
import { fractionOf, secondsLeft } from './task-figures.ts';

const progress = (done: number, total: number | null, perSecond: number | null) => ({
  done,
  total,
  perSecond,
  unit: 'bytes' as const,
  note: null,
});

test('the time left is rounded so that it does not jitter', () => {
  expect(secondsLeft(progress(412e6, 1117e6, 17.6e6))).toBe(45);
  expect(secondsLeft(progress(1, 8, 1))).toBe(7);
  expect(secondsLeft(progress(0, 3000, 10))).toBe(300);
});

test('nobody knows the time without a whole or a speed', () => {
  expect(secondsLeft(progress(1, null, 1))).toBeNull();
  expect(secondsLeft(progress(1, 2, 0))).toBeNull();
  expect(secondsLeft(null)).toBeNull();
});

test('more than all is all', () => {
  expect(fractionOf(progress(12, 10, 1))).toBe(1);
  expect(fractionOf(progress(5, 10, 1))).toBe(0.5);
  expect(fractionOf(progress(5, 0, 1))).toBeNull();
});
