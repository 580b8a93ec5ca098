// Bases: what can be trained and why the rest cannot; weights as Hugging Face has them, made once and whole.
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, open, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GgufHeader, readGgufHeader } from '../../lib/gguf.ts';
import { readSafetensor, readSafetensorsHeader } from '../../lib/tensors/safetensors.ts';
import type { InstalledModel } from '../../models/library.ts';
import type { ResolvedModel } from '../../models/model-call.ts';
import { readDecoderConfig } from './base-config.ts';
import { createBaseModels } from './base-models.ts';

const stories = fileURLToPath(
  new URL('../../../test/fixtures/stories260K/stories260K.f32.gguf', import.meta.url),
);
const installed = (more: Partial<InstalledModel> = {}): InstalledModel => ({
  id: 'stories',
  path: stories,
  adapter: null,
  sizeBytes: 1,
  sha256: null,
  source: 'path:x',
  catalogueId: null,
  kind: 'chat',
  architecture: 'llama',
  contextLength: 512,
  parameters: null,
  quantization: 'F32',
  createdAt: 0,
  ...more,
});

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'atelier-bases-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

function bases(
  models: InstalledModel[] = [installed()],
  freeBytes = async () => 1e12,
  inUse: () => Promise<string[]> = async () => [],
) {
  const library = { installed: async () => models, catalogue: async () => [] };
  const resolve = async (id: string) => {
    const [provider = '', name = ''] = id.split('/');
    return { info: { id, provider, name, kind: 'chat' } } as ResolvedModel;
  };
  return createBaseModels({ library, registry: { resolve }, dataDir, freeBytes, inUse });
}
const cached = async () => (await readdir(join(dataDir, 'training', 'bases'))).sort();

test('a GGUF gives the weights of its Hugging Face form, bit for bit', async () => {
  const progress: number[] = [];
  const base = await bases().prepare('local/stories', { onProgress: (done) => progress.push(done) });
  expect(base).toMatchObject({
    model: 'local/stories',
    parameters: 292_800,
    weightBytes: 1_171_200,
    config: { architecture: 'llama', layers: 5, width: 64, heads: 8, keyValueHeads: 4, headWidth: 8 },
  });
  expect(base.config).toMatchObject({ hidden: 172, vocabulary: 512, ropeTheta: 10_000, bias: false });
  const header = await readSafetensorsHeader(base.weights);
  expect(header.tensors.get('model.layers.0.self_attn.k_proj.weight')?.shape).toEqual([32, 64]);
  // Over the names and bytes of the 47 tensors of model.safetensors, which has no head of its own.
  const hash = createHash('sha256');
  const file = await open(base.weights);
  for (const name of [...header.tensors.keys()].filter((name) => name !== 'lm_head.weight').sort()) {
    const values = await readSafetensor(file, header, name);
    hash.update(name).update(new Uint8Array(values.buffer));
  }
  await file.close();
  expect(hash.digest('hex')).toBe('d6ce2a3c61ba5635ce31f496671ba0166ba9accfc084f98ce49fdde3b6845165');
  expect(progress.at(-1)).toBe(1);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
});

test('the weights are made once, again when they are broken, and anew for another file', async () => {
  const path = join(dataDir, 'model.gguf');
  await copyFile(stories, path);
  const service = bases([installed({ path })]);
  const [one, two] = await Promise.all([service.prepare('local/stories'), service.prepare('local/stories')]);
  expect(two.weights).toBe(one.weights);
  expect(await cached()).toHaveLength(1);
  await truncate(one.weights, 1000);
  await service.prepare('local/stories');
  expect((await readSafetensorsHeader(one.weights)).tensors.size).toBe(48);
  await writeFile(path, Buffer.alloc(1), { flag: 'a' });
  expect((await service.prepare('local/stories')).weights).not.toBe(one.weights);
});

test('the arithmetic is done in a thread of its own, which a cancelled run stops', async () => {
  const threads: (string | null)[] = [];
  const onWorker = ({ threadName }: Worker) => threads.push(threadName);
  process.on('worker', onWorker);
  const stop = new AbortController();
  const stopped = bases().prepare('local/stories', {
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  expect(await cached()).toEqual([]);
  await bases().prepare('local/stories');
  await bases().prepare('local/stories');
  process.off('worker', onWorker);
  // One a file: what is there is found.
  expect(threads).toEqual(['dequantise-worker', 'dequantise-worker']);
});

test('weights are freed, but not under a run, and go with their model', async () => {
  const models = [installed()];
  const running: string[] = [];
  const service = bases(models, undefined, async () => running);
  expect(await service.keptBytes('local/stories')).toBe(0);
  await service.prepare('local/stories');
  expect(await service.keptBytes('local/stories')).toBeGreaterThan(1_171_200);
  running.push('local/stories');
  await expect(service.free('local/stories')).rejects.toMatchObject({ code: 'conflict' });
  running.pop();
  expect(await service.free('local/stories')).toBeGreaterThan(1_171_200);
  expect([await cached(), await service.free('local/stories')]).toEqual([[], 0]);

  await service.prepare('local/stories');
  await service.sweep();
  expect(await cached()).toHaveLength(1);
  // Another model’s run may be reading; a file that is away may be on a disk that comes back.
  const [gone] = models.splice(0, 1);
  running.push('local/other');
  await service.sweep();
  running.pop();
  models.push({ ...gone!, path: join(dataDir, 'away.gguf') });
  await service.sweep();
  expect(await cached()).toHaveLength(1);
  models.pop();
  await service.sweep();
  expect(await cached()).toEqual([]);
});

test('a full disk is refused with both numbers, and a cancelled run leaves nothing', async () => {
  const error = await bases([installed()], async () => 1000)
    .prepare('local/stories')
    .catch((thrown) => thrown);
  expect(error).toMatchObject({
    code: 'storage_full',
    data: { freeBytes: 1000, neededBytes: 1_171_200 + 16 * 1024 * 1024 },
  });
  await expect(bases().prepare('local/stories', { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(await cached()).toEqual([]);
});

test('what is no local chat model is refused, and a broken file or an adapter has its reason', async () => {
  const broken = join(dataDir, 'broken.gguf');
  await copyFile(stories, broken);
  await truncate(broken, 700_000);
  const models = [
    installed({ id: 'broken', path: broken }),
    installed({ id: 'gone', path: join(dataDir, 'gone.gguf') }),
    installed({ id: 'tuned', adapter: '/x' }),
    installed({ id: 'vectors', kind: 'embedding' }),
  ];
  const service = bases(models);
  const listed = await service.list();
  expect(listed.map(({ model }) => model)).toEqual(['local/broken', 'local/gone', 'local/tuned']);
  expect(listed.map(({ config }) => config)).toEqual([null, null, null]);
  expect(listed[0]?.reason).toContain('is cut short');
  expect(listed[1]?.reason).toContain('gone.gguf');
  expect(listed[2]?.reason).toContain('an adapter');
  await expect(service.describe('openai/gpt')).rejects.toMatchObject({ code: 'invalid_request' });
  await expect(service.prepare('local/broken')).rejects.toMatchObject({ code: 'invalid_request' });
});

describe('a model that is no plain decoder is refused with the reason', () => {
  const set =
    (key: string, value: string | number) =>
    ({ metadata }: GgufHeader) =>
      void metadata.set(key, value);
  const tensor =
    (name: string, change: (of: GgufHeader['tensors'][number]) => unknown) => (header: GgufHeader) =>
      change(header.tensors.find((one) => one.name === name)!);
  test.each<[string, (header: GgufHeader) => void, string]>([
    ['another architecture', set('general.architecture', 'gemma3'), 'architecture gemma3 cannot be trained'],
    ['experts', set('llama.expert_count', 8), 'a mixture of 8 experts'],
    ['a sliding window', set('llama.attention.sliding_window', 4096), 'a window of 4096 tokens'],
    ['scaled positions', set('llama.rope.scaling.type', 'yarn'), 'positions are scaled (yarn)'],
    ['a scale', set('llama.logit_scale', 0.5), 'logit_scale'],
    ['partial rotation', set('llama.rope.dimension_count', 4), 'Only 4 of the 8 numbers'],
    ['narrower values', set('llama.attention.value_length', 4), 'different widths'],
    ['other heads', set('llama.attention.head_count', 4), 'blk.0.attn_k.weight has the dimensions 64 x 32'],
    [
      'no epsilon',
      ({ metadata }) => void metadata.delete('llama.attention.layer_norm_rms_epsilon'),
      'epsilon',
    ],
    [
      'scaled frequencies',
      tensor('output.weight', (one) => Object.assign(one, { name: 'rope_freqs.weight' })),
      'rope_freqs',
    ],
    [
      'a norm of queries',
      tensor('output.weight', (one) => Object.assign(one, { name: 'blk.0.attn_q_norm.weight' })),
      'attn_q_norm',
    ],
    [
      'a missing tensor',
      ({ tensors }) => void tensors.splice(5, 1),
      'It lacks the tensor blk.0.attn_output.weight',
    ],
    [
      'a type of 2 bits',
      tensor('blk.1.ffn_up.weight', (one) => Object.assign(one, { type: 10 })),
      'quantised as Q2_K',
    ],
  ])('%s', async (_what, change, reason) => {
    const header = await readGgufHeader(stories);
    expect(readDecoderConfig(header).reason).toBeNull();
    change(header);
    expect(readDecoderConfig(header)).toMatchObject({
      config: null,
      reason: expect.stringContaining(reason),
    });
  });
});
