// Measures against values that were worked out by hand, or that sacrebleu's own tests state.
import { describe, expect, test } from 'vitest';
import { bootstrap } from './statistics.ts';
import { accuracyOf, chrfCounts, chrfOf, macroF1Estimate, macroF1Of, wordF1 } from './text-metrics.ts';

const chrf = (hypothesis: string, reference: string) => chrfOf([chrfCounts(hypothesis, reference)]);

describe('chrF', () => {
  test.each([
    ['the cat', 'the cat', 1],
    ['abc', 'xyz', 0],
    ['', 'abc', 0],
    // Orders 1 to 4 of abcd against abce: precision and recall 3/4, 2/3, 1/2, 0; no longer n-gram is in both.
    ['abcd', 'abce', (3 / 4 + 2 / 3 + 1 / 2 + 0) / 4],
    // Blanks do not count.
    ['a b c d', 'ab cd', 1],
    // As sacrebleu's own tests have them, with effective order.
    ['a', 'a', 1],
    ['', 'reference', 0],
    ['aa', 'ab', 0.25],
  ])('of %j beside %j', (hypothesis, reference, score) => {
    expect(chrf(hypothesis, reference)).toBeCloseTo(score, 12);
  });

  test('weighs recall twice as much as precision', () => {
    // ab beside abcd. Precision 1, 1 (orders 3 and 4 are not in the hypothesis, so they do not count);
    // recall 2/4 and 1/3, mean 5/12. F2 = 5 x 1 x 5/12 / (4 x 1 + 5/12).
    expect(chrf('ab', 'abcd')).toBeCloseTo((5 * (5 / 12)) / (4 + 5 / 12), 12);
    expect(chrf('ab', 'abcd')).toBeLessThan(chrf('abcd', 'ab'));
  });

  test('of a set sums its counts first', () => {
    const set = chrfOf([chrfCounts('abcd', 'abce'), chrfCounts('xyzw', 'xyzw')]);
    // Orders 1 to 4: 7/8, 5/6, 3/4, 1/2.
    expect(set).toBeCloseTo((7 / 8 + 5 / 6 + 3 / 4 + 1 / 2) / 4, 12);
    expect(chrfOf([chrfCounts('a', 'a'), chrfCounts('b', 'c')])).toBeCloseTo(0.5, 12);
  });
});

test.each([
  ['The cat sat', 'the CAT sat', 1],
  ['Élève', 'eleve', 1],
  // 2 common of 3 and 4: 4 / 7.
  ['a cat sat', 'the cat sat down', 4 / 7],
  // A word counts as often as both have it.
  ['no no no', 'no', 2 / 4],
  ['', '', 1],
  ['', 'word', 0],
])('F1 of the words of %j beside %j', (hypothesis, reference, score) => {
  expect(wordF1(hypothesis, reference)).toBeCloseTo(score, 12);
});

test('macro-F1 is the mean over the true classes', () => {
  const rows = [
    { gold: 'a', found: 'a' },
    { gold: 'a', found: 'b' },
    { gold: 'b', found: 'b' },
    { gold: 'b', found: null },
    { gold: 'c', found: 'a' },
  ];
  // a: 2 x 1 / (2 + 2); b: 2 x 1 / (2 + 2); c: 0.
  expect(macroF1Of(rows)).toBeCloseTo((0.5 + 0.5 + 0) / 3, 12);
  expect(accuracyOf(rows)).toBeCloseTo(2 / 5, 12);
  expect(macroF1Of([])).toBe(0);
});

test('macro-F1 has the interval that any measure would have', () => {
  const labels = ['a', 'b', 'c'];
  const rows = Array.from({ length: 90 }, (_, index) => ({
    gold: labels[index % 3] ?? '',
    found: index % 7 === 0 ? null : (labels[(index * index) % 3] ?? ''),
  }));
  expect(macroF1Estimate(rows)).toEqual(bootstrap(rows, macroF1Of));
});
