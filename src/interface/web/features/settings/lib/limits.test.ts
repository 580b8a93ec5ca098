import { expect, test } from 'vitest';
import { limitChoices, limits, readLimit, writeLimit } from './limits.ts';

test('a value that was set elsewhere stands in its place among the offered ones', () => {
  expect(limitChoices('retentionDays', 45)).toEqual([7, 30, 45, 90, 365, null]);
  expect(limitChoices('retentionDays', 90)).toEqual([...limits.retentionDays]);
});

test('never survives the way through a text', () => {
  expect(readLimit(writeLimit(null))).toBeNull();
  expect(readLimit(writeLimit(30))).toBe(30);
});
