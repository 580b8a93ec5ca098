import { expect, test } from 'vitest';
import type { Source } from '../../../../../contracts/knowledge.ts';
import { splitSources } from './cited.ts';

const source = (number: number) => ({ number }) as Source;

test('cited sources come in the order of the text, each once, and unknown numbers are none', () => {
  const sources = [1, 2, 3, 4].map(source);
  const { cited, others } = splitSources(sources, 'First [3], then [1, 3]; see [12] and [x].');
  expect(cited.map(({ number }) => number)).toEqual([3, 1]);
  expect(others.map(({ number }) => number)).toEqual([2, 4]);
});
