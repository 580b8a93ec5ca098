import { expect, test } from 'vitest';
import { choosePassages, sentencesOf } from './choose-passages.ts';
import { hitOf } from './testing/found.ts';

test('sentences joined are the text again', () => {
  const text = 'Un. Deux points 3.5 ?\nTrois !  Quatre sans fin';
  expect(sentencesOf(text).join('')).toBe(text);
  expect(sentencesOf(text)).toEqual(['Un. ', 'Deux points 3.5 ?\n', 'Trois !  ', 'Quatre sans fin']);
});

test('the best come first until the room is used', () => {
  const hits = [1, 2, 3].map((n) => hitOf({ chunkId: `c${n}`, text: `${n} `.repeat(160) }));
  const chosen = choosePassages('x', hits, { tokens: 230, most: 8 });
  expect(chosen.map(({ hit }) => hit.chunkId)).toEqual(['c1', 'c2']);
  expect(choosePassages('x', hits, { tokens: 10_000, most: 2 })).toHaveLength(2);
});

test('a passage that is too long is cut to the sentences with the words of the question', () => {
  const filler = 'Nothing of interest is written in this sentence. '.repeat(20);
  const hit = hitOf({ text: `${filler}The bridge opened in 1932. ${filler}`, context: 'Sydney' });
  const [passage] = choosePassages('When did the bridge open?', [hit], { tokens: 80, most: 8 });
  expect(passage?.cut).toBe(true);
  expect(passage?.text).toMatch(/^Sydney\n… .*The bridge opened in 1932\..* …$/s);
  expect(passage?.text.length).toBeLessThan(80 * 3.2 + 10);
});
