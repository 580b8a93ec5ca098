// A folder of Hugging Face's in the library: one job, one file of ours, one row; the same again, a restart, and its end.
import { mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeTinyFolder } from '../../test/hugging-face-folder.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { createJobs } from '../jobs/create-jobs.ts';
import type { Jobs } from '../jobs/queue.ts';
import { silentLog } from '../lib/log.ts';
import { createLibrary } from './create-library.ts';
import type { ModelLibrary } from './library.ts';

let opened: TestStore;
let jobs: Jobs;
let work: string;
let folder: string;
beforeEach(async () => {
  opened = await openTestStore();
  work = await mkdtemp(join(await realpath(tmpdir()), 'atelier-add-'));
  folder = join(work, 'Tiny Llama');
  await writeTinyFolder(folder, 'llama');
});
afterEach(async () => {
  await jobs.stop();
  await opened.dispose();
  await rm(work, { recursive: true });
});

function library(firstModel: string | null = null): ModelLibrary {
  jobs = createJobs({ store: opened.store, log: silentLog });
  return createLibrary({
    store: opened.store,
    jobs,
    log: silentLog,
    dataDir: opened.dataDir,
    firstModel,
    catalogue: [],
    env: {},
    machine: async () => ({ memoryBytes: 8e9, cores: 2, accelerated: false, freeDiskBytes: 1e11 }),
  });
}
const modelFiles = async () => (await readdir(join(opened.dataDir, 'models'))).sort();

test('is converted once and removed with the file that was made; the folder stays', async () => {
  const models = library();
  await jobs.start();
  const before = (await readdir(folder)).sort();
  const { id, title } = await models.pull({ path: folder });
  expect(title).toBe('Tiny Llama');
  const done = await jobs.wait(id);
  expect(done).toMatchObject({ status: 'complete', result: { model: 'local/tiny-llama', warning: null } });
  const [model] = await models.installed();
  expect(model).toMatchObject({
    id: 'tiny-llama',
    path: join(opened.dataDir, 'models', 'tiny-llama.gguf'),
    source: `folder:${folder}`,
    kind: 'chat',
    architecture: 'llama',
    contextLength: 64,
    quantization: 'F32',
  });
  expect(model?.sizeBytes).toBe((await stat(model!.path)).size);
  const again = await jobs.wait((await models.pull({ path: `${folder}/` })).id);
  expect(again.result).toMatchObject({ model: 'local/tiny-llama', seconds: 0 });
  expect(await models.installed()).toEqual([model]);
  await models.remove('tiny-llama');
  expect((await modelFiles()).filter((name) => name.endsWith('.gguf'))).toEqual([]);
  expect((await readdir(folder)).sort()).toEqual(before);
});

test('that is refused leaves neither a task nor a file', async () => {
  const models = library();
  await jobs.start();
  await writeFile(join(folder, 'config.json'), JSON.stringify({ architectures: ['GPT2LMHeadModel'] }));
  await expect(models.pull({ path: folder })).rejects.toMatchObject({
    code: 'invalid_model_file',
    data: { reason: 'folder', file: 'config.json', field: 'architectures' },
  });
  expect(await jobs.list()).toEqual([]);
  expect(await models.installed()).toEqual([]);
});

test('may be the first model, and one that waited goes on after a restart', async () => {
  const models = library(folder);
  await models.ensureFirstModel();
  expect(models.firstRun()).toMatchObject({ state: 'working', chosen: 'tiny-llama' });
  // The queue was never started: the program ended before it began.
  await jobs.stop();
  const next = library(folder);
  await jobs.start();
  await next.ensureFirstModel();
  await expect.poll(() => next.firstRun().state).toBe('ready');
  expect((await next.installed()).map(({ id }) => id)).toEqual(['tiny-llama']);
});

test('that changed before its turn fails with the reason', async () => {
  const models = library();
  const { id } = await models.pull({ path: folder });
  await rm(join(folder, 'tokenizer.json'));
  await jobs.start();
  const failed = await jobs.wait(id);
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'invalid_model_file' } });
  expect(failed.error?.message).toContain('tokenizer.json');
});

test('of which there is only a folder of something else is not found', async () => {
  const models = library();
  await expect(models.pull({ path: work })).rejects.toThrow('no config.json');
});

test('named through a link and cancelled, is not begun again at the next start', async () => {
  const link = join(work, 'link');
  await symlink(folder, link);
  const models = library(link);
  await models.ensureFirstModel();
  const [task] = await jobs.list();
  await jobs.cancel(task!.id);
  await jobs.stop();
  const next = library(link);
  await next.ensureFirstModel();
  expect(next.firstRun().state).toBe('none');
  expect(await jobs.list({ open: true })).toEqual([]);
});

test('that was saved anew is not taken for what was made of it', async () => {
  const models = library();
  await jobs.start();
  await jobs.wait((await models.pull({ path: folder })).id);
  await setTimeout(20);
  const config = join(folder, 'config.json');
  const content = JSON.parse(await readFile(config, 'utf8'));
  await writeFile(config, JSON.stringify({ ...content, max_position_embeddings: 32 }));
  await expect(models.pull({ path: folder })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('Remove local/tiny-llama and add the folder again'),
  });
  await models.remove('tiny-llama');
  await jobs.wait((await models.pull({ path: folder })).id);
  expect(await models.installed()).toMatchObject([{ id: 'tiny-llama', contextLength: 32 }]);
});
