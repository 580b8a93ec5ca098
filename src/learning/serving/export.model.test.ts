// Files of a tuned model in llama.cpp itself: an adapter and its merged forms give PyTorch's log-probabilities
// (test/fixtures/training/record-adapter.py), load in every form, and are refused when they are broken.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore } from '../../../test/open-test-store.ts';
import { createJobs } from '../../jobs/create-jobs.ts';
import { silentLog } from '../../lib/log.ts';
import { createLibrary } from '../../models/create-library.ts';
import { createRegistry } from '../../models/create-registry.ts';
import { createLocalEngine } from '../../models/local/local-engine.ts';
import { createLocalProvider } from '../../models/local/local-provider.ts';
import { createTrainingEngine } from '../../models/local/training-engine.ts';
import { createMeasurements } from '../../store/measurements.ts';
import { createModelExporter } from './export.ts';
import type { HeldOut } from './export-port.ts';
import { randomAdapter, trainedBase } from './testing/random-adapter.ts';

const stories = fileURLToPath(
  new URL('../../../test/fixtures/stories260K/stories260K.f32.gguf', import.meta.url),
);
const recorded = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/training/stories-adapter.json', import.meta.url), 'utf8'),
) as { ids: number[]; base: number[]; adapted: number[] };
const engine = createTrainingEngine();
const exporter = createModelExporter({ engine });
const heldOut: HeldOut = {
  sequences: [{ ids: Int32Array.from(recorded.ids), logProbabilities: Float32Array.from(recorded.adapted) }],
  sameIds: true,
};

let folder: string;
let adapter: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-export-'));
  adapter = join(folder, 'adapter.gguf');
  await exporter.writeAdapter(randomAdapter(await trainedBase(stories)), adapter);
});
afterAll(() => rm(folder, { recursive: true }));

test('an adapter over its base gives what PyTorch gives, where the base alone does not', async () => {
  const { parity, perplexity } = await exporter.check(
    { path: stories, adapter, quantisation: 'F32' },
    heldOut,
  );
  expect(parity).toMatchObject({ tokens: 31, sameIds: true, bound: 1e-3, passed: true });
  expect(parity.maxDifference).toBeLessThan(1e-4);
  const mean = recorded.adapted.reduce((sum, one) => sum + one, 0) / 31;
  expect(perplexity).toBeCloseTo(Math.exp(-mean), 3);
  const base = await exporter.check({ path: stories, quantisation: 'F32' }, heldOut);
  expect(base.parity.passed).toBe(false);
  expect(base.parity.maxDifference).toBeGreaterThan(0.1);
});

test('the merged model gives it in 32 bits, and each quantised form loads, writes and states its difference', async () => {
  const trained = randomAdapter(await trainedBase(stories));
  const differences: number[] = [];
  for (const quantisation of ['F32', 'Q8_0', 'Q4_0'] as const) {
    const path = join(folder, `${quantisation}.gguf`);
    await exporter.writeMerged(trained, path, quantisation);
    const { parity, tokensPerSecond } = await exporter.check({ path, quantisation }, heldOut);
    expect(parity, quantisation).toMatchObject({ tokens: 31, passed: true });
    expect(tokensPerSecond).toBeGreaterThan(0);
    differences.push(parity.meanDifference);
  }
  // Each less like the trainer than the one before.
  expect(differences).toEqual([...differences].sort((a, b) => a - b));
  expect(differences[0]).toBeLessThan(1e-4);
});

test('over a quantised base an adapter may differ by more, and says by how much', async () => {
  const untrained = { ...randomAdapter(await trainedBase(stories)), parameters: [] };
  const path = join(folder, 'base.gguf');
  await exporter.writeMerged(untrained, path, 'Q8_0');
  const { parity } = await exporter.check({ path, adapter, quantisation: 'F32' }, heldOut);
  expect(parity).toMatchObject({ tokens: 31, bound: 0.25, passed: true });
  expect(parity.maxDifference).toBeGreaterThan(1e-3);
});

test('an adapter that is cut short is refused with both files named', async () => {
  const cut = join(folder, 'cut.gguf');
  await exporter.writeAdapter(randomAdapter(await trainedBase(stories)), cut);
  await truncate(cut, 3000);
  await expect(engine.openModel({ path: stories, adapter: cut, contextLength: 64 })).rejects.toMatchObject({
    code: 'model_failed',
    data: { path: stories, adapter: cut },
  });
});

test('a registered adapter is listed, answers as local/{name}, leaves memory and is removed like any model', async () => {
  const opened = await openTestStore();
  const jobs = createJobs({ store: opened.store, log: silentLog });
  const library = createLibrary({
    store: opened.store,
    jobs,
    log: silentLog,
    dataDir: opened.dataDir,
    firstModel: null,
    env: {},
    catalogue: [],
  });
  await jobs.start();
  const local = createLocalEngine({
    log: silentLog,
    measurements: createMeasurements(opened.store),
    gpu: 'cpu',
    maxThreads: 1,
  });
  const registry = createRegistry({
    store: opened.store,
    providers: async () => [createLocalProvider({ engine: local, library })],
    changes: [library.onChange],
  });
  await library.pull({ path: stories });
  const [base] = await library.installed();
  await library.register({ id: 'tuned', path: stories, adapter });
  expect((await registry.list()).map(({ id }) => id)).toEqual([`local/${base?.id}`, 'local/tuned']);

  const answerOf = async (id: string): Promise<string> => {
    const { language } = await registry.resolve(id);
    const answer = await language!.doGenerate({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Once upon a time' }] }],
      maxOutputTokens: 40,
      temperature: 0,
    });
    return answer.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  };
  const [tuned, plain] = [await answerOf('local/tuned'), await answerOf(`local/${base?.id}`)];
  expect(plain).toMatch(/^, there was a little girl named Lily/);
  expect(tuned).not.toBe(plain);
  expect(local.loaded().sort()).toEqual([base?.id, 'tuned'].sort());

  await library.remove('local/tuned');
  await expect.poll(() => local.loaded()).toEqual([base?.id]);
  await expect(registry.resolve('local/tuned')).rejects.toMatchObject({ code: 'model_not_found' });
  expect(await answerOf(`local/${base?.id}`)).toBe(plain);
  await local.close();
  await jobs.stop();
  await opened.dispose();
});
