import { expect, test } from 'vitest';
import { piecesOf } from './highlight.ts';

test('a text is cut at its marks, and overlapping marks share a piece', () => {
  const text = 'Ada Lovelace, London';
  expect(
    piecesOf(text, [
      { start: 0, end: 12, label: 'PERSON' },
      { start: 4, end: 12, label: 'NAME' },
      { start: 14, end: 20, label: 'PLACE' },
      { start: 18, end: 99, label: 'OUT' },
    ]).map(({ text: piece, labels }) => `${piece}:${labels.join('+')}`),
  ).toEqual(['Ada :PERSON', 'Lovelace:PERSON+NAME', ', :', 'London:PLACE']);
  expect(piecesOf('plain', [])).toEqual([{ text: 'plain', start: 0, labels: [] }]);
});
