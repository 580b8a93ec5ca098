import { expect, test } from 'vitest';
import type { CatalogueListing } from '../../../../../contracts/catalogue.ts';
import { recommended, sortListings } from './catalogue-view.ts';

const listing = (id: string, rank: number, fits: boolean, kind: 'chat' | 'embedding' = 'chat') =>
  ({ entry: { id, rank, kind }, fit: { fits } }) as CatalogueListing;

const all = [
  listing('tiny', 1, true),
  listing('huge', 9, false),
  listing('words', 5, true, 'embedding'),
  listing('good', 4, true),
];

test('what fits comes first, the best of it on top, embedding models after the chat models', () => {
  expect(sortListings(all).map(({ entry }) => entry.id)).toEqual(['good', 'tiny', 'words', 'huge']);
  expect(recommended(all)).toBe('good');
});

test('nothing is recommended when nothing fits', () => {
  expect(recommended([listing('huge', 9, false)])).toBeNull();
  expect(recommended([])).toBeNull();
});
