import { expect, test } from 'vitest';
import { fewestNearBest, threadCandidates } from './calibrate.ts';

test.each([
  [1, [1]],
  [2, [1, 2]],
  [6, [1, 2, 3, 4, 6]],
  [16, [1, 2, 4, 8, 16]],
])('numbers of threads worth trying on %i cores', (cores, expected) => {
  expect(threadCandidates(cores)).toEqual(expected);
});

test('the fastest wins, and of a tie the one with fewer threads', () => {
  expect(fewestNearBest({ 1: 0.15, 2: 3.9 })).toBe(1);
  expect(fewestNearBest({ 1: 80, 2: 43, 4: 42.5 })).toBe(2);
});
