// A pair's margin is of one place in a batch, also where an epoch ends within a step and a row is read twice in it.
import { expect, test } from 'vitest';
import type { TokenBatch } from '../../../numerics/decoder/decoder.ts';
import type { Row, Unit } from '../pack.ts';
import { createDpo } from './dpo.ts';

const sequence = (...ids: number[]) => ({
  ids: Int32Array.from(ids),
  learned: Uint8Array.from(ids, (_, at) => (at === 0 ? 0 : 1)),
});
const pair: Unit = { exampleId: 'a', sequences: [sequence(1, 2, 3), sequence(1, 4)] };
const rows: Row[] = [[pair]];
const shape = { rows: 2, length: 8, accumulated: 1 };

/** log p of a token is -1 / 10 of its id. */
const logProbabilities = async ({ labels }: TokenBatch) => Float32Array.from(labels, (id) => -id / 10);

test('a pair that a batch holds twice weighs twice, and has the margin that it has alone', async () => {
  const seen: Float32Array[] = [];
  const method = createDpo({
    session: {
      logProbabilities,
      async gradient({ weights }: TokenBatch) {
        seen.push(weights.slice());
        return { loss: 0, logProbabilities: new Float32Array(0) };
      },
    } as never,
    shape,
    signal: new AbortController().signal,
    beta: 1,
    rows,
    // Better by a tenth than the base: log p(2, 3) is -.5 and log p(4) is -.4.
    reference: Float64Array.of(-0.6, -0.4),
  });
  const once = await method.step([rows], 1);
  const twice = await method.step([[...rows, ...rows]], 1);
  expect(once.loss).toBeCloseTo(Math.log(1 + Math.exp(-0.1)), 6);
  expect(twice).toMatchObject({ accuracy: 1, tokens: 2 * once.tokens });
  expect(twice.loss).toBeCloseTo(once.loss, 12);
  for (const row of [0, 1])
    expect([...seen[1]!.subarray(row * 8, row * 8 + 8)]).toEqual(
      [...seen[0]!.subarray(0, 8)].map((weight) => weight / 2),
    );
});
