// What changed between two versions, word by word.
import { describe, expect, test } from 'vitest';
import { diffWords } from './word-diff.ts';

const marked = (before: string, after: string) =>
  diffWords(before, after)
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'added' ? `[+${text}]` : `[-${text}]`))
    .join('');

describe('a difference of words', () => {
  test.each([
    ['one two three', 'one 2 three', 'one [-two][+2] three'],
    ['one two', 'one two three', 'one two[+ three]'],
    ['one two three', 'two three', '[-one ]two three'],
    ['', 'new', '[+new]'],
    ['old', '', '[-old]'],
    ['same', 'same', 'same'],
    ['', '', ''],
    ['Écris en {{langue}}.', 'Écris en français.', 'Écris en [-{{langue}}][+français].'],
  ])('%j to %j', (before, after, wanted) => {
    expect(marked(before, after)).toBe(wanted);
  });

  test('each side can be read back, however the texts are made', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % below;
    };
    const words = ['a', 'b', 'c', '{{x}}', '\n', 'é'];
    const text = () => Array.from({ length: random(40) }, () => words[random(words.length)]).join(' ');
    for (let i = 0; i < 200; i++) {
      const [before, after] = [text(), text()];
      const parts = diffWords(before, after);
      const side = (without: string) =>
        parts
          .filter(({ kind }) => kind !== without)
          .map(({ text: one }) => one)
          .join('');
      expect(side('added')).toBe(before);
      expect(side('removed')).toBe(after);
    }
  });

  test('long texts with nothing in common come one after the other, and quickly', () => {
    const before = Array.from({ length: 6000 }, (_, i) => `a${i}`).join(' ');
    const after = Array.from({ length: 6000 }, (_, i) => `b${i}`).join('  ');
    expect(diffWords(before, after).map(({ kind }) => kind)).toEqual(['removed', 'added']);
  });
});
