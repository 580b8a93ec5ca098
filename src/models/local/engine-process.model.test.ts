// The process around a model: it ends with its parent, however that ends, and embeddings come out of one too.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { AtelierError, ErrorBody } from '../../contracts/errors.ts';
import { silentLog } from '../../lib/log.ts';
import { startEngine } from './engine-process.ts';
import { createLocalEngine } from './local-engine.ts';
import { installedModel } from './testing/test-models.ts';

const stories = fileURLToPath(
  new URL('../../../test/fixtures/stories260K/stories260K.f32.gguf', import.meta.url),
);
const holder = fileURLToPath(new URL('./testing/hold-model.ts', import.meta.url));

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // there is no such process
  }
}

test('a model’s process ends when its parent is killed', async () => {
  const parent = spawn(process.execPath, [holder, stories], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(chunk.toString().trim());
  expect(alive(pid)).toBe(true);
  parent.kill('SIGKILL');
  const end = Date.now() + 10_000;
  while (alive(pid) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(alive(pid)).toBe(false);
});

test('embeddings have length 1, come in order, count tokens, and refuse what is too long', async () => {
  const measurements = { get: async () => undefined, set: async () => {} };
  const engine = createLocalEngine({ log: silentLog, measurements, gpu: 'cpu' });
  const model = engine.embedding(installedModel(stories, 'stories', 'embedding'));
  const texts = Array.from({ length: 40 }, (_, i) => `The cat number ${i} ran home.`);
  const { embeddings, usage } = await model.doEmbed({ values: texts });
  expect(embeddings).toHaveLength(40);
  for (const vector of embeddings) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  const again = await model.doEmbed({ values: [texts[7] ?? ''] });
  expect(again.embeddings[0]?.reduce((sum, x, i) => sum + x * (embeddings[7]?.[i] ?? 0), 0)).toBeCloseTo(
    1,
    5,
  );
  expect(usage?.tokens).toBeGreaterThan(40 * 5);
  const error = await Promise.resolve(model.doEmbed({ values: ['ok', 'a cat '.repeat(600)] })).catch(
    (thrown: AtelierError) => thrown,
  );
  expect(error).toMatchObject({ code: 'context_overflow', data: { contextLength: 512, index: 1 } });
  await engine.close();
});

test('a process that is gone answers every call with an error instead of never', async () => {
  const engine = await startEngine({
    spec: {
      path: stories,
      adapter: null,
      kind: 'chat',
      gpu: 'cpu',
      contextLength: 128,
      sequences: 1,
      threads: 1,
      maxThreads: 1,
      busy: false,
      chatTemplate: null,
      toolTemplate: null,
    },
  });
  await engine.kill();
  await expect(engine.count({ kind: 'text', text: 'x' })).rejects.toMatchObject({
    code: 'model_failed',
    retryable: true,
  });
  const error = await new Promise<ErrorBody>((resolve) => {
    engine.generate({ prompt: { kind: 'text', text: 'x' } } as never, (event) => {
      if (event.type === 'error') resolve(event.error);
    });
  });
  expect(error.code).toBe('model_failed');
  expect(engine.pending()).toBe(0);
});
