import { expect, test } from 'vitest';
import { inBatches } from './uploads.ts';

const picked = (path: string, size: number) => ({ path, file: { size } as File });

test('forms stay small in number of files and in bytes, and keep the order', () => {
  const many = Array.from({ length: 95 }, (_, index) => picked(`${index}.txt`, 10));
  const batches = inBatches(many);
  expect(batches.map((batch) => batch.length)).toEqual([40, 40, 15]);
  expect(batches.flat()).toEqual(many);
  expect(
    inBatches([picked('a', 20_000_000), picked('b', 20_000_000), picked('c', 1)]).map((one) => one.length),
  ).toEqual([1, 2]);
});

test('a file larger than a form goes alone', () => {
  expect(
    inBatches([picked('a', 1), picked('b', 900_000_000), picked('c', 1)]).map((one) => one.length),
  ).toEqual([1, 1, 1]);
});
