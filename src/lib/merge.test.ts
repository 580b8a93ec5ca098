// Several sources as one: everything of each in its order; the first failure ends all.
import { expect, test } from 'vitest';
import { merge } from './merge.ts';

async function* numbers(from: number, to: number, ms: number, onEnd: () => void = () => {}) {
  try {
    for (let n = from; n <= to; n++) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      yield n;
    }
  } finally {
    onEnd();
  }
}

test('every item comes through, each source in its order', async () => {
  const seen: number[] = [];
  for await (const n of merge([numbers(1, 3, 1), numbers(11, 13, 2), numbers(21, 21, 1)])) seen.push(n);
  expect([...seen].sort((a, b) => a - b)).toEqual([1, 2, 3, 11, 12, 13, 21]);
  expect(seen.filter((n) => n < 10)).toEqual([1, 2, 3]);
});

test('a failure ends the others', async () => {
  let ended = false;
  const failing = (async function* (): AsyncGenerator<number> {
    yield 0;
    throw new Error('one broke');
  })();
  const all = async () => {
    for await (const _ of merge([numbers(1, 1000, 1, () => (ended = true)), failing]));
  };
  await expect(all()).rejects.toThrow('one broke');
  await expect.poll(() => ended).toBe(true);
});
