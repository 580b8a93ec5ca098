// What is written, read back: the arithmetic of an adapter, trained weights in their places, and the base's own words.
import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGgufHeader } from '../../lib/gguf.ts';
import { deinterleave, ggufName, huggingFaceName, interleave } from '../../lib/tensors/gguf-names.ts';
import { readTensorRows } from '../../lib/tensors/gguf-tensors.ts';
import type { Trained } from './export-port.ts';
import { mergeInWorker } from './merge-in-worker.ts';
import { randomAdapter, trainedBase } from './testing/random-adapter.ts';
import { writeAdapter } from './write-adapter.ts';
import { writeMerged } from './write-merged.ts';

const stories = fileURLToPath(
  new URL('../../../test/fixtures/stories260K/stories260K.f32.gguf', import.meta.url),
);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-merged-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The tensor; with `headRows` in Hugging Face's order of rows. */
async function read(path: string, name: string, headRows = 0): Promise<Float32Array> {
  const header = await readGgufHeader(path);
  const tensor = header.tensors.find((one) => one.name === name)!;
  const columns = tensor.dimensions[0]!;
  const file = await open(path);
  const values = new Float32Array(tensor.elements);
  for await (const { row, values: some } of readTensorRows(file, tensor, { atOnce: 256 }))
    values.set(some, row * columns);
  await file.close();
  return headRows === 0 ? values : deinterleave(values, headRows, columns);
}

function parameter({ parameters, values }: Trained, name: string): Float32Array {
  const { offset, size } = parameters.find((one) => one.name === name)!;
  return values.subarray(offset, offset + size);
}

test('an adapter is added as W + alpha / rank B A, the rows of queries and keys in their own order', async () => {
  const trained = randomAdapter(await trainedBase(stories));
  const path = join(folder, 'merged.gguf');
  await writeMerged(trained, path, 'F32');
  for (const [part, gguf, inputs, headRows] of [
    ['self_attn.k_proj', 'attn_k', 64, 8],
    ['mlp.down_proj', 'ffn_down', 172, 0],
  ] as const) {
    const a = parameter(trained, `model.layers.2.${part}.lora_A.weight`);
    const b = parameter(trained, `model.layers.2.${part}.lora_B.weight`);
    const before = await read(stories, `blk.2.${gguf}.weight`, headRows);
    const after = await read(path, `blk.2.${gguf}.weight`, headRows);
    for (const at of [0, 70, 1000, after.length - 1]) {
      const [out, input] = [Math.floor(at / inputs), at % inputs];
      let sum = before[at]!;
      for (let r = 0; r < 4; r++) sum += 2 * b[out * 4 + r]! * a[r * inputs + input]!;
      expect(after[at]).toBeCloseTo(sum, 6);
    }
  }
  expect(await read(path, 'token_embd.weight')).toEqual(await read(stories, 'token_embd.weight'));
});

test('weights that were trained whole stand in place of the base’s', async () => {
  const values = Float32Array.from({ length: 64 * 64 + 64 }, (_, at) => at / 100);
  const trained: Trained = {
    base: await trainedBase(stories),
    adaptation: { kind: 'full' },
    values,
    parameters: [
      { name: 'model.layers.1.self_attn.q_proj.weight', shape: [64, 64], offset: 0, size: 4096 },
      { name: 'model.norm.weight', shape: [64], offset: 4096, size: 64 },
    ],
  };
  const path = join(folder, 'full.gguf');
  await writeMerged(trained, path, 'F32');
  expect(await read(path, 'blk.1.attn_q.weight', 8)).toEqual(values.slice(0, 4096));
  expect(await read(path, 'output_norm.weight')).toEqual(values.slice(4096));
  expect(await read(path, 'blk.0.attn_q.weight')).toEqual(await read(stories, 'blk.0.attn_q.weight'));
  await expect(writeAdapter(trained, path)).rejects.toMatchObject({ code: 'invalid_request' });
});

test('the tokenizer and the template are the base’s, and only what describes its bytes is new', async () => {
  const path = join(folder, 'small.gguf');
  await writeMerged(randomAdapter(await trainedBase(stories)), path, 'Q4_0');
  const all = { keepArraysUpTo: 10_000 };
  const [base, small] = [await readGgufHeader(stories, all), await readGgufHeader(path, all)];
  const expected = new Map(base.metadata);
  expected.set('general.file_type', 2).set('general.quantization_version', 2);
  expect(Object.fromEntries(small.metadata)).toEqual(Object.fromEntries(expected));
  expect(small.fileBytes).toBeLessThan(base.fileBytes / 3);
});

test('the thread writes the same file; one that is no longer wanted leaves nothing, and a fault is told', async () => {
  const trained = randomAdapter(await trainedBase(stories));
  const [own, threads] = [join(folder, 'own.gguf'), join(folder, 'thread.gguf')];
  await writeMerged(trained, own, 'Q8_0');
  await mergeInWorker({ trained, path: threads, quantisation: 'Q8_0' });
  expect((await readFile(threads)).equals(await readFile(own))).toBe(true);

  const stopping = new AbortController();
  const order = { trained, path: join(folder, 'x.gguf'), quantisation: 'Q8_0' as const };
  const stopped = mergeInWorker(order, stopping.signal);
  stopping.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  await expect(mergeInWorker(order, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  const gone = { ...trained, base: { ...trained.base, path: join(folder, 'gone.gguf') } };
  await expect(mergeInWorker({ ...order, trained: gone })).rejects.toThrow('gone.gguf');
  expect((await readdir(folder)).sort()).toEqual(['own.gguf', 'thread.gguf']);
});

test('names and orders go there and back', () => {
  for (const name of ['token_embd.weight', 'output.weight', 'blk.11.attn_output.weight', 'blk.0.attn_q.bias'])
    expect(ggufName(huggingFaceName(name)!)).toBe(name);
  expect(ggufName('model.layers.3.mlp.up_proj.lora_B.weight')).toBe('blk.3.ffn_up.weight.lora_b');
  expect(ggufName('model.layers.3.mlp.other.weight')).toBeNull();
  expect(huggingFaceName('blk.1.ssm_in.weight')).toBeNull();
  // One head of six rows: its halves 0 1 2 and 3 4 5 are interleaved.
  const rows = Float32Array.of(0, 1, 2, 3, 4, 5);
  expect([...interleave(rows, 6, 1)]).toEqual([0, 3, 1, 4, 2, 5]);
  expect(deinterleave(interleave(rows, 6, 1), 6, 1)).toEqual(rows);
});
