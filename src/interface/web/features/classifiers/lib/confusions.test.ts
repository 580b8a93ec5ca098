import { expect, test } from 'vitest';
import { shareOfRow, topConfusions } from './confusions.ts';

const labels = ['bad', 'good', 'mixed'];
const matrix = [
  [8, 2, 0],
  [1, 19, 0],
  [3, 3, 4],
];

test('mistakes are told by how often they are made, what is right is none', () => {
  expect(topConfusions(labels, matrix, 3)).toEqual([
    { is: 'mixed', said: 'bad', count: 3, share: 0.3 },
    { is: 'mixed', said: 'good', count: 3, share: 0.3 },
    { is: 'bad', said: 'good', count: 2, share: 0.2 },
  ]);
  expect(
    topConfusions(
      labels,
      [
        [5, 0, 0],
        [0, 5, 0],
        [0, 0, 0],
      ],
      3,
    ),
  ).toEqual([]);
});

test('a cell is as dark as its share of the row; a row of nothing is white', () => {
  expect(shareOfRow([8, 2, 0], 1)).toBe(0.2);
  expect(shareOfRow([0, 0, 0], 1)).toBe(0);
});
