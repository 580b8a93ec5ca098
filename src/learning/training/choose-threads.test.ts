// The quickest number of threads is measured once, and kept.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { chooseThreads } from './choose-threads.ts';

test('each number is tried once, the quickest is kept, and every session is closed', async () => {
  const kept = new Map<string, unknown>();
  const opened: number[] = [];
  let open = 0;
  const choose = () =>
    chooseThreads({
      measurements: {
        get: async (key) => kept.get(key),
        set: async (key, value) => void kept.set(key, value),
      },
      key: 'a model',
      cores: 4,
      rows: [[]],
      shape: { rows: 1, length: 16, accumulated: 1 },
      async open(threads) {
        opened.push(threads);
        open++;
        return {
          async gradient() {
            await sleep(threads === 2 ? 1 : 60);
            return { loss: 0, logProbabilities: new Float32Array(16) };
          },
          async close() {
            open--;
          },
        };
      },
    });
  expect(await choose()).toBe(2);
  expect(await choose()).toBe(2);
  expect(opened).toEqual([1, 2, 4]);
  expect(open).toBe(0);
});
