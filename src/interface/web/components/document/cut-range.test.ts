import { expect, test } from 'vitest';
import { cutRange, splitPlaced } from './cut-range.ts';

test('a passage is cut out of the text that holds it, at its first, middle and last part', () => {
  expect(cutRange('abcdef', 10, { start: 12, end: 14 })).toEqual({ before: 'ab', inside: 'cd', after: 'ef' });
  expect(cutRange('abcdef', 10, { start: 0, end: 12 })).toEqual({ before: '', inside: 'ab', after: 'cdef' });
  expect(cutRange('abcdef', 10, { start: 14, end: 90 })).toEqual({ before: 'abcd', inside: 'ef', after: '' });
  expect(cutRange('abcdef', 10, { start: 16, end: 90 }).inside).toBe('');
  expect(cutRange('abcdef', 10, null).inside).toBe('');
});

test('cells of a table row keep their places', () => {
  expect(splitPlaced({ text: 'a | bc | d', start: 5 }, ' | ')).toEqual([
    { text: 'a', start: 5 },
    { text: 'bc', start: 9 },
    { text: 'd', start: 14 },
  ]);
});
