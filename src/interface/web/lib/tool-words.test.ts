import { expect, test } from 'vitest';
import { callSummary } from './tool-words.ts';

test('a call is known by its path, address or question, else by its first text', () => {
  expect(callSummary({ content: 'long', path: 'notes.md' })).toBe('notes.md');
  expect(callSummary({ n: 3, text: 'a\n  b' })).toBe('a b');
  expect(callSummary({ query: 'x'.repeat(200) })).toHaveLength(72);
  expect(callSummary({ n: 3 })).toBe('');
  expect(callSummary('text')).toBe('');
});
