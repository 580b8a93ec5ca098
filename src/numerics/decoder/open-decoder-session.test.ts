// What a caller may rely on: packing, padding, dropout, accumulation, the same numbers twice, and clear refusals.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type {
  Adaptation,
  DecoderConfig,
  DecoderSession,
  DecoderSessionOptions,
  TokenBatch,
} from './decoder.ts';
import { writeInitialValues } from './initial-values.ts';
import { openDecoderSession } from './open-decoder-session.ts';
import { loraTargets } from './parameters.ts';

const fixtures = join(import.meta.dirname, '../../../test/fixtures/training');
const weights = join(fixtures, 'tiny-llama-tied.weights.safetensors');
const { config } = JSON.parse(readFileSync(join(fixtures, 'tiny-llama-tied.json'), 'utf8')) as {
  config: DecoderConfig;
};
const lora = { kind: 'lora', rank: 4, alpha: 8, dropout: 0, targets: loraTargets } as const;
const scratch = mkdtempSync(join(tmpdir(), 'decoder-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const opened: DecoderSession[] = [];
afterEach(async () => {
  for (const session of opened.splice(0)) await session.close();
});

/** An open session whose adapter does something. */
async function open(
  adaptation: Adaptation,
  rows: number,
  length: number,
  more: Partial<DecoderSessionOptions> = {},
): Promise<DecoderSession> {
  const options = { config, weights, adaptation, rows, length, threads: 1, ...more };
  const session = await openDecoderSession(options);
  opened.push(session);
  await writeInitialValues(session.values, session.parameters, { adaptation, seed: 1, weights });
  if (adaptation.kind === 'lora')
    session.values.forEach((value, i) => {
      if (value === 0) session.values[i] = 0.1 * Math.sin(i);
    });
  return session;
}

function tokens(count: number, start: number): number[] {
  return Array.from({ length: count }, (_, i) => (start + i * 31) % config.vocabulary);
}

/** Sequences one after the other in one row, padded to `length`. */
function packed(sequences: readonly number[][], length: number, padding = 0): TokenBatch {
  const batch: TokenBatch = {
    ids: new Int32Array(length).fill(padding),
    // What is not learned may have any label.
    labels: new Int32Array(length).fill(-100),
    weights: new Float32Array(length),
    positions: new Int32Array(length),
    segments: new Int32Array(length).fill(-1),
  };
  let at = 0;
  for (const [segment, ids] of sequences.entries())
    for (const [position, id] of ids.entries()) {
      batch.ids[at] = id;
      batch.labels[at] = ids[position + 1] ?? -100;
      batch.weights[at] = position + 1 < ids.length ? 0.1 : 0;
      batch.positions[at] = position;
      batch.segments[at] = segment;
      at++;
    }
  return batch;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((all, value, i) => Math.max(all, Math.abs(value - b[i]!)), 0);
}

describe('a packed row', () => {
  const [one, two] = [tokens(7, 3), tokens(5, 50)];

  test('gives what its sequences give alone, whatever the padding is', async () => {
    const session = await open(lora, 1, 16);
    const alone = [];
    const sum = new Float32Array(session.gradients.length);
    for (const sequence of [one, two]) {
      const { logProbabilities } = await session.gradient(packed([sequence], 16));
      alone.push(...logProbabilities.subarray(0, sequence.length));
      session.gradients.forEach((value, i) => {
        sum[i]! += value;
      });
    }
    for (const padding of [0, 77]) {
      const { logProbabilities } = await session.gradient(packed([one, two], 16, padding));
      expect(largestDifference(logProbabilities.subarray(0, 12), Float32Array.from(alone))).toBeLessThan(
        1e-5,
      );
      expect(largestDifference(session.gradients, sum)).toBeLessThan(1e-5);
    }
  });

  test('does without padding when it is full', async () => {
    const tight = await open(lora, 1, 7);
    const wide = await open(lora, 1, 16);
    const short = await tight.logProbabilities(packed([one], 7));
    const long = await wide.logProbabilities(packed([one], 16));
    expect(largestDifference(short, long.subarray(0, 7))).toBeLessThan(1e-5);
  });
});

describe('a step', () => {
  const batch = packed([tokens(9, 3), tokens(7, 60)], 16);

  test.each([lora, { kind: 'full' }] as const)(
    'of $kind is the same bit by bit with one thread',
    async (adaptation) => {
      const first = await open(adaptation, 1, 16);
      const second = await open(adaptation, 1, 16);
      const [a, b] = [await first.gradient(batch), await second.gradient(batch)];
      expect(a.loss).toBe(b.loss);
      expect(first.gradients).toEqual(second.gradients);
      const before = first.gradients.slice();
      await first.gradient(batch);
      expect(first.gradients).toEqual(before);
    },
  );

  test('adds its gradient to the last one when told to', async () => {
    const session = await open(lora, 1, 16);
    await session.gradient(batch);
    const once = session.gradients.slice();
    await session.gradient(batch, { accumulate: true });
    expect(session.gradients).toEqual(once.map((value) => 2 * value));
  });

  test('with checkpointing computes the same gradient', async () => {
    const plain = await open(lora, 1, 16);
    const sparing = await open(lora, 1, 16, { gradientCheckpointing: true });
    const [a, b] = [await plain.gradient(batch), await sparing.gradient(batch)];
    expect(b.loss).toBe(a.loss);
    expect(largestDifference(plain.gradients, sparing.gradients)).toBeLessThan(1e-6);
  });

  test('reads the arena as the optimiser left it', async () => {
    const session = await open({ kind: 'full' }, 1, 16);
    const { loss } = await session.gradient(batch);
    for (const [i, value] of session.gradients.entries()) session.values[i]! -= 0.1 * value;
    expect((await session.gradient(batch)).loss).toBeLessThan(loss);
  });
});

describe('dropout', () => {
  const batch = packed([tokens(16, 3)], 16);
  const dropping = { ...lora, dropout: 0.25 };

  test('is the same for the same seed, another for another, and off when nothing is learned', async () => {
    const session = await open(dropping, 1, 16);
    const { loss } = await session.gradient(batch, { seed: 5 });
    const gradients = session.gradients.slice();
    expect((await session.gradient(batch, { seed: 6 })).loss).not.toBe(loss);
    expect((await session.gradient(batch, { seed: 5 })).loss).toBe(loss);
    expect(session.gradients).toEqual(gradients);
    const without = await open(lora, 1, 16);
    expect(await session.logProbabilities(batch)).toEqual(await without.logProbabilities(batch));
  });

  test('is what checkpointing computes again', async () => {
    const plain = await open(dropping, 1, 16);
    const sparing = await open(dropping, 1, 16, { gradientCheckpointing: true });
    await plain.gradient(batch, { seed: 5 });
    await sparing.gradient(batch, { seed: 5 });
    expect(largestDifference(plain.gradients, sparing.gradients)).toBeLessThan(1e-6);
  });

  test('keeps the adapter’s mean', async () => {
    // B's gradient is linear in what is kept of the input, so its mean over masks is that without dropout.
    const session = await open({ ...dropping, targets: ['q_proj'] }, 1, 16);
    const mean = new Float64Array(session.gradients.length);
    const rounds = 200;
    for (let seed = 0; seed < rounds; seed++) {
      await session.gradient(batch, { seed });
      session.gradients.forEach((value, i) => {
        mean[i]! += value / rounds;
      });
    }
    const without = await open({ ...lora, targets: ['q_proj'] }, 1, 16);
    await without.gradient(batch);
    const norm = Math.hypot(...without.gradients);
    const error = Math.hypot(...without.gradients.map((value, i) => value - mean[i]!));
    expect(error / norm).toBeLessThan(0.15);
  });
});

describe('log-probabilities', () => {
  const batch = packed([tokens(16, 3)], 16);

  test('of the base are those of an untouched adapter, and the arena stays as it is', async () => {
    const session = await open(lora, 1, 16);
    const before = session.values.slice();
    const base = await session.logProbabilities(batch, 'base');
    expect(session.values).toEqual(before);
    const current = await session.logProbabilities(batch);
    expect(largestDifference(base, current)).toBeGreaterThan(0.01);
    await writeInitialValues(session.values, session.parameters, { adaptation: lora, seed: 2, weights });
    expect(await session.logProbabilities(batch)).toEqual(base);
  });

  test.each(['F16', 'BF16'] as const)('of weights in %s are near those in F32', async (type) => {
    const path = join(scratch, `${type}.safetensors`);
    writeFileSync(path, narrowed(readFileSync(weights), type));
    const narrow = await open(lora, 1, 16, { weights: path });
    const wide = await open(lora, 1, 16);
    const difference = largestDifference(
      await narrow.logProbabilities(batch, 'base'),
      await wide.logProbabilities(batch, 'base'),
    );
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(type === 'F16' ? 1e-2 : 5e-2);
    const full = await openDecoderSession({
      config,
      weights: path,
      adaptation: { kind: 'full' },
      rows: 1,
      length: 16,
      threads: 1,
    });
    opened.push(full);
    await writeInitialValues(full.values, full.parameters, {
      adaptation: { kind: 'full' },
      seed: 1,
      weights: path,
    });
    expect(
      largestDifference(await full.logProbabilities(batch), await narrow.logProbabilities(batch, 'base')),
    ).toBeLessThan(1e-5);
  });
});

/** A safetensors file with its 32-bit numbers in 16. */
function narrowed(file: Buffer, type: 'F16' | 'BF16'): Uint8Array {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >;
  for (const [name, entry] of Object.entries(header))
    if (name !== '__metadata__') {
      entry.dtype = type;
      entry.data_offsets = [entry.data_offsets[0] / 2, entry.data_offsets[1] / 2];
    }
  const numbers = new Float32Array(Uint8Array.from(file.subarray(8 + length)).buffer);
  const bits = new Uint32Array(numbers.buffer);
  const data =
    type === 'F16' ? new Float16Array(numbers) : Uint16Array.from(bits, (value) => (value + 0x8000) >>> 16);
  const text = Buffer.from(JSON.stringify(header));
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([head, text, new Uint8Array(data.buffer)]);
}

describe('what does not fit is refused', () => {
  test('a batch of another size, with both numbers', async () => {
    const session = await open(lora, 1, 16);
    await expect(session.gradient(packed([tokens(4, 1)], 8))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(
        'ids of a batch has 8 numbers; this session of 1 rows of 16 tokens takes 16',
      ),
    });
  });

  test.each([
    ['ids', 3, config.vocabulary],
    ['ids', 3, -1],
    ['labels', 1, config.vocabulary],
    ['positions', 2, 16],
  ] as const)('%s beyond the end', async (name, index, value) => {
    const session = await open(lora, 1, 16);
    const batch = packed([tokens(4, 1)], 16);
    batch[name][index] = value;
    await expect(session.gradient(batch)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(`${name} of a batch has ${value} at ${index}`),
    });
  });

  test('weights without a tensor or with another shape; no file is left behind', async () => {
    const other = { ...config, width: 64 };
    await expect(open(lora, 1, 16, { config: other })).rejects.toMatchObject({
      code: 'weights_unfit',
      message: expect.stringMatching(/is \[.*\]; the configuration asks for \[.*\]/),
    });
    await expect(open(lora, 1, 16, { config: { ...config, layers: 3 } })).rejects.toMatchObject({
      code: 'weights_unfit',
      message: expect.stringContaining('has no tensor model.layers.2.'),
    });
    expect(readdirSync(fixtures).filter((name) => name.endsWith('.onnx'))).toEqual([]);
  });

  test('the base of a session that trains everything', async () => {
    const session = await open({ kind: 'full' }, 1, 16);
    await expect(session.logProbabilities(packed([tokens(4, 1)], 16), 'base')).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  test('what is asked after the end or after an abort', async () => {
    const aborter = new AbortController();
    const session = await open(lora, 1, 16, { signal: aborter.signal });
    const batch = packed([tokens(16, 3)], 16);
    const asked = session.gradient(batch);
    aborter.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await session.close();
    await expect(session.gradient(batch)).rejects.toThrow('enough');
    const closed = await open(lora, 1, 16);
    await closed.close();
    await expect(closed.gradient(batch)).rejects.toMatchObject({ code: 'closed' });
  });
});
