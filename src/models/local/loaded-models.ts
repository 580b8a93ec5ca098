// The models that are in memory: loaded on demand one after the other, ended when idle or when another needs the room,
// and forgotten when their process dies, so that the next call starts a new one.
import { stat } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { AtelierError, type ErrorBody, toAtelierError } from '../../contracts/errors.ts';
import type { CallStatus } from '../../contracts/model.ts';
import type { GgufHeader } from '../../lib/gguf.ts';
import type { Log } from '../../lib/log.ts';
import type { InstalledModel } from '../library.ts';
import { type EngineProcess, startEngine } from './engine-process.ts';
import type { GpuChoice } from './engine-protocol.ts';
import { freeMemory } from './free-memory.ts';
import { type MemoryPlan, planMemory } from './memory-plan.ts';
import { chatTemplates, readModelHeader } from './model-facts.ts';

/** What was once measured, such as a model's best number of threads. */
export interface Measurements {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

export interface LoadedModelsOptions {
  log: Log;
  measurements: Measurements;
  /** Default `auto`. */
  gpu?: GpuChoice;
  /** Minutes after which an idle model leaves memory; null: never. Asked each time. */
  unloadAfterMinutes?: () => number | null;
  /** Bytes that may be taken now. Default: what the system says, less a tenth. */
  availableMemory?: () => number;
  /** Default: the cores that this process may use. */
  maxThreads?: number;
  maxContext?: number;
  maxSequences?: number;
}

export interface LoadedModels {
  /** The model's process, started if need be. @throws AtelierError */
  ready(
    model: InstalledModel,
    onStatus: (status: CallStatus) => void,
    signal?: AbortSignal,
  ): Promise<EngineProcess>;
  /** The process of a model that is loaded now. */
  process(modelId: string): EngineProcess | null;
  /** Of a load under way, 0 to 1; null when none is. */
  progress(modelId: string): number | null;
  /** Why the last load failed. */
  failure(modelId: string): ErrorBody | null;
  /** How much context the model would get now. */
  plan(model: InstalledModel, header: GgufHeader): MemoryPlan;
  ids(): string[];
  unload(modelId: string): Promise<void>;
  /** Unloads it unless somebody waits for an answer of it. */
  release(modelId: string): Promise<void>;
  close(): Promise<void>;
}

interface Entry {
  model: InstalledModel;
  engine: Promise<EngineProcess>;
  process: EngineProcess | null;
  progress: number;
  listeners: Set<(progress: number) => void>;
  abort: AbortController;
  lastUsed: number;
}

const SWEEP_MS = 15_000;

export function createLoadedModels(options: LoadedModelsOptions, changed: () => void): LoadedModels {
  const { log, measurements } = options;
  const maxThreads = options.maxThreads ?? availableParallelism();
  const availableMemory = options.availableMemory ?? freeMemory;
  const entries = new Map<string, Entry>();
  const failures = new Map<string, ErrorBody>();
  let closed = false;
  /** One model is loaded after the other: each plans with the memory that is left then. */
  let loading: Promise<unknown> = Promise.resolve();

  const sweep = setInterval(() => void unloadIdle(), SWEEP_MS);
  sweep.unref();

  const planWith = (model: InstalledModel, header: GgufHeader, availableBytes: number): MemoryPlan =>
    planMemory({
      header,
      kind: model.kind,
      availableBytes,
      ...(options.maxContext === undefined ? {} : { maxContext: options.maxContext }),
      ...(options.maxSequences === undefined ? {} : { maxSequences: options.maxSequences }),
    });
  const plan = (model: InstalledModel, header: GgufHeader) => planWith(model, header, availableMemory());

  const idle = (entry: Entry) => entry.process !== null && entry.process.pending() === 0;

  /** Models nobody waits for leave memory, the longest unused first, until this one gets all its context. */
  async function makeRoom(model: InstalledModel, header: GgufHeader): Promise<MemoryPlan> {
    const wanted = planWith(model, header, Number.POSITIVE_INFINITY).contextLength;
    let current = plan(model, header);
    while (!current.fits || current.contextLength < wanted) {
      const [victim] = [...entries.values()].filter(idle).sort((a, b) => a.lastUsed - b.lastUsed);
      if (victim === undefined) break;
      log.info('a model leaves memory for another', { model: victim.model.id, for: model.id });
      await unload(victim.model.id);
      current = plan(model, header);
    }
    if (current.fits) return current;
    const availableBytes = Math.round(availableMemory());
    const inMegabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
    throw new AtelierError(
      'insufficient_memory',
      `The model ${model.id} needs ${inMegabytes(current.neededBytes)} of memory and ${inMegabytes(availableBytes)} are free. ` +
        'Close other programs or choose a smaller model.',
      { data: { model: model.id, neededBytes: current.neededBytes, availableBytes }, retryable: true },
    );
  }

  async function load(entry: Entry): Promise<EngineProcess> {
    const { model } = entry;
    const header = await readModelHeader(model);
    const { contextLength, sequences } = await makeRoom(model, header);
    const { size, mtimeMs } = await stat(model.path);
    const key = `local.threads:${model.sha256 ?? `${model.path}:${size}:${Math.round(mtimeMs)}`}:${maxThreads}`;
    const remembered = await measurements.get(key);
    const templates = chatTemplates(header);
    // What is measured while other programs keep the cores busy is good for now and not worth remembering.
    const busy = (loadavg()[0] ?? 0) > maxThreads / 2;
    const engine = await startEngine({
      spec: {
        path: model.path,
        adapter: model.adapter,
        kind: model.kind,
        gpu: options.gpu ?? 'auto',
        contextLength,
        sequences,
        threads: typeof remembered === 'number' ? remembered : maxThreads === 1 ? 1 : null,
        maxThreads,
        busy,
        chatTemplate: templates.chat,
        toolTemplate: templates.tools,
      },
      signal: entry.abort.signal,
      onProgress: (progress) => {
        entry.progress = progress;
        for (const listener of entry.listeners) listener(progress);
        changed();
      },
    });
    const { info } = engine;
    if (info.calibration !== null && !busy) await measurements.set(key, info.threads);
    log.info('a model was loaded', {
      model: model.id,
      threads: info.threads,
      context: info.contextLength,
      sequences: info.sequences,
      gpu: info.gpu,
    });
    return engine;
  }

  function start(model: InstalledModel): Entry {
    if (closed) throw new AtelierError('model_failed', 'The engine is closed.');
    const abort = new AbortController();
    const turn = loading.then(() => {
      abort.signal.throwIfAborted();
      return load(entry);
    });
    loading = turn.catch(() => {}); // told to the callers of this model by settle
    const entry: Entry = {
      model,
      engine: turn.catch((error) => Promise.reject(failed(entry, error))),
      process: null,
      progress: 0,
      listeners: new Set(),
      abort,
      lastUsed: Date.now(),
    };
    entries.set(model.id, entry);
    failures.delete(model.id);
    entry.engine.then(
      (engine) => {
        entry.process = engine;
        void engine.exited.then((why) => {
          if (entries.get(model.id) !== entry) return;
          entries.delete(model.id);
          log.warn('a model stopped', { model: model.id, why });
          changed();
        });
        changed();
      },
      () => changed(), // every caller sees the rejection through its own await
    );
    changed();
    return entry;
  }

  function failed({ model, abort }: Entry, error: unknown): AtelierError {
    if (abort.signal.aborted) {
      const message = `The model ${model.id} was unloaded while it was loading. Ask again.`;
      return new AtelierError('model_failed', message, {
        data: { model: model.id },
        cause: error,
        retryable: true,
      });
    }
    entries.delete(model.id);
    const known = toAtelierError(error);
    failures.set(model.id, known.toJSON());
    return known;
  }

  async function unload(modelId: string): Promise<void> {
    const entry = entries.get(modelId);
    if (entry === undefined) return;
    entries.delete(modelId);
    entry.abort.abort();
    const engine = await entry.engine.catch(() => null); // it never came to be, so there is nothing to end
    await engine?.kill();
    changed();
  }

  async function unloadIdle(): Promise<void> {
    const minutes = options.unloadAfterMinutes?.() ?? null;
    if (minutes === null) return;
    for (const entry of [...entries.values()]) {
      if (!idle(entry)) entry.lastUsed = Date.now();
      else if (Date.now() - entry.lastUsed > minutes * 60_000) {
        log.info('an idle model leaves memory', { model: entry.model.id, minutes });
        await unload(entry.model.id);
      }
    }
  }

  return {
    async ready(model, onStatus, signal) {
      const known = entries.get(model.id);
      // The same id may come to stand for another file.
      if (known !== undefined && (known.model.path !== model.path || known.model.adapter !== model.adapter))
        await unload(model.id);
      const entry = entries.get(model.id) ?? start(model);
      entry.lastUsed = Date.now();
      if (entry.process !== null) return entry.process;
      const tell = (progress: number) => onStatus({ status: 'loading', model: model.id, progress });
      tell(entry.progress);
      entry.listeners.add(tell);
      try {
        return await orCancelled(entry.engine, signal);
      } finally {
        entry.listeners.delete(tell);
      }
    },
    process: (modelId) => entries.get(modelId)?.process ?? null,
    progress(modelId) {
      const entry = entries.get(modelId);
      return entry === undefined || entry.process !== null ? null : entry.progress;
    },
    failure: (modelId) => failures.get(modelId) ?? null,
    plan,
    ids: () => [...entries.keys()],
    unload,
    async release(modelId) {
      const entry = entries.get(modelId);
      if (entry !== undefined && idle(entry)) await unload(modelId);
    },
    async close() {
      closed = true;
      clearInterval(sweep);
      await Promise.all([...entries.keys()].map(unload));
    },
  };
}

async function orCancelled<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const cancelled = () => new AtelierError('cancelled', 'The call was cancelled.');
  if (signal.aborted) throw cancelled();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(cancelled());
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
