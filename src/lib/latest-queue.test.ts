// A newer value of a key replaces one that was not read; the order of keys is that of their first value.
import { expect, test } from 'vitest';
import { createLatestQueue } from './latest-queue.ts';

test('a slow reader gets the newest of each key, then what comes later, then the end', async () => {
  const queue = createLatestQueue<string>();
  queue.put('a', 'a1');
  queue.put('b', 'b1');
  queue.put('a', 'a2');
  const seen: string[] = [];
  const reading = (async () => {
    for await (const value of queue) seen.push(value);
  })();
  await expect.poll(() => seen).toEqual(['a2', 'b1']);
  queue.put('a', 'a3');
  await expect.poll(() => seen).toEqual(['a2', 'b1', 'a3']);
  queue.close();
  queue.put('a', 'too late');
  await reading;
  expect(seen).toHaveLength(3);
});
