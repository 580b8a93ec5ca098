// Turns of texts, with readers that are told when to end.
import { expect, test } from 'vitest';
import { createEmbeddingLanes, type EmbeddingLanesOptions } from './embedding-lanes.ts';

function lab(options: Partial<EmbeddingLanesOptions> = {}) {
  /** Every text that was begun, with the threads that read it; `end` lets the oldest that is read go on. */
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const alive: number[] = [];
  const open = () =>
    createEmbeddingLanes({
      threads: 2,
      maxThreads: 2,
      hasRoom: () => true,
      idleMs: 20,
      async create(threads) {
        alive.push(threads);
        return {
          calculateInputLength: (text) => text.length,
          async getEmbeddingFor(text) {
            begun.push(`${text}/${threads}`);
            await new Promise<void>((end) => ends.push(end));
            return { vector: [text.length] };
          },
          async dispose() {
            alive.splice(alive.indexOf(threads), 1);
          },
        };
      },
      ...options,
    });
  const settle = () => new Promise((done) => setTimeout(done, 1));
  return {
    open,
    begun,
    alive,
    settle,
    async end(count = 1) {
      for (let at = 0; at < count; at++) {
        ends.shift()?.();
        await settle();
      }
    },
  };
}
const fits = () => {};

test('a text alone has all threads; several are read two at a time, and one reader is left after a while', async () => {
  const { open, begun, alive, end, settle } = lab();
  const lanes = await open();
  const question = lanes.embed(['a'], fits);
  await settle();
  expect(begun).toEqual(['a/2']);
  await end();
  expect(await question).toEqual([[1]]);

  const passages = lanes.embed(['bb', 'ccc', 'dddd'], fits);
  await settle();
  expect(begun.slice(1)).toEqual(['bb/1', 'ccc/1']);
  await end(3);
  expect(await passages).toEqual([[2], [3], [4]]);
  await expect.poll(() => alive).toEqual([2]);
});

test('a question comes between the passages of a document, not behind them', async () => {
  const { open, begun, end, settle } = lab();
  const lanes = await open();
  const passages = lanes.embed(['p1', 'p2', 'p3', 'p4', 'p5', 'p6'], fits);
  await settle();
  const question = lanes.embed(['question'], fits);
  await end(2);
  expect(begun.indexOf('question/1')).toBeLessThanOrEqual(3);
  await end(5);
  expect(await question).toEqual([[8]]);
  expect(await passages).toHaveLength(6);
});

test('a text that is refused ends its call alone, and the rest of it is not read', async () => {
  const { open, begun, end, settle } = lab();
  const lanes = await open();
  const refuse = (index: number) => {
    if (index === 1) throw new Error('too long');
  };
  const bad = lanes.embed(['a', 'b', 'c', 'd'], refuse);
  const good = lanes.embed(['x', 'y'], fits);
  const refused = expect(bad).rejects.toThrow('too long');
  await settle();
  await end(4);
  await refused;
  expect(await good).toEqual([[1], [1]]);
  expect(begun.map((text) => text[0])).not.toContain('d');
});

test('without memory for a second reader texts are read one after the other', async () => {
  const { open, begun, end, settle } = lab({ hasRoom: () => false });
  const lanes = await open();
  const passages = lanes.embed(['a', 'b'], fits);
  await settle();
  expect(begun).toEqual(['a/2']);
  await end(2);
  expect(await passages).toEqual([[1], [1]]);
});

test('a second reader that cannot be had leaves one, and none at all is told', async () => {
  let broken = 0;
  const made: number[] = [];
  const lanes = await createEmbeddingLanes({
    threads: 2,
    maxThreads: 2,
    hasRoom: () => true,
    async create(threads) {
      if (broken > 0 && broken-- > 0) throw new Error('no memory');
      made.push(threads);
      return {
        calculateInputLength: () => 1,
        getEmbeddingFor: async (text) => ({ vector: [text.length] }),
        dispose: async () => {},
      };
    },
  });
  broken = 1;
  expect(await lanes.embed(['a', 'bb'], fits)).toEqual([[1], [2]]);
  expect(made).toEqual([2, 2]);
  broken = 2;
  await expect(lanes.embed(['a', 'bb'], fits)).rejects.toThrow('no memory');
  expect(await lanes.embed(['ccc'], fits)).toEqual([[3]]);
});
