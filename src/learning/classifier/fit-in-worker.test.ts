import { expect, test } from 'vitest';
import { fitInWorker } from './fit-in-worker.ts';
import { clusters } from './testing/clusters.ts';
import { trainHead } from './train-head.ts';

const input = (rows: number, strength: number | null) => {
  const { vectors, labels, dimensions } = clusters(4, rows, 16, 1);
  const labelNames = ['a', 'b', 'c', 'd'];
  return { train: { vectors, labels }, test: null, dimensions, labelNames, strength, folds: 3, seed: 1 };
};

test('the thread gives what this one would, bit for bit, and tells how far it is', async () => {
  const told: string[] = [];
  const order = input(120, 1);
  const made = await fitInWorker(
    order,
    (done, total) => told.push(`${done}/${total}`),
    new AbortController().signal,
  );
  expect(made).toEqual(trainHead(order));
  expect(told).toEqual(['1/4', '2/4', '3/4', '4/4']);
});

test('it ends at once when it is cancelled', async () => {
  const stop = new AbortController();
  const startedAt = performance.now();
  // Nine strengths and three folds over 20,000 rows take far longer than a test.
  const fitting = fitInWorker(input(20_000, null), () => {}, stop.signal);
  setTimeout(() => stop.abort('cancel'), 200);
  await expect(fitting).rejects.toBe('cancel');
  expect(performance.now() - startedAt).toBeLessThan(5000);
});
