// The local engine: models of this machine as AI SDK models. Each loaded one lives in a process of its own; it is
// started by the first call, ended when idle or when another needs its memory, and started again after a crash.
import { stat } from 'node:fs/promises';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import type { EmbeddingModelV4, LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { AtelierError, type ErrorBody, toAtelierError } from '../../contracts/errors.ts';
import type { CallStatus } from '../../contracts/model.ts';
import { createEmitter } from '../../lib/emitter.ts';
import { GgufError, type GgufHeader, readGgufHeader } from '../../lib/gguf.ts';
import type { Log } from '../../lib/log.ts';
import type { InstalledModel } from '../library.ts';
import { type EngineProcess, startEngine } from './engine-process.ts';
import type { GpuChoice, LoadSpec } from './engine-protocol.ts';
import { createLocalEmbeddingModel } from './local-embedding-model.ts';
import { createLocalLanguageModel } from './local-language-model.ts';
import { type MemoryPlan, planMemory } from './memory-plan.ts';
import { readCall } from './read-call.ts';

export { engineBackends } from './engine-backends.ts';

export interface LocalEngine {
  language(model: InstalledModel): LanguageModelV4;
  embedding(model: InstalledModel): EmbeddingModelV4;
  state(modelId: string): LocalModelState;
  facts(model: InstalledModel): Promise<LocalModelFacts>;
  /** Tokens of the prompt as the model would read it; loads the model. */
  countTokens(model: InstalledModel, options: LanguageModelV4CallOptions): Promise<number>;
  unload(modelId: string): Promise<void>;
  /** Of the process that holds the model; undefined while it is not loaded. */
  pid(modelId: string): number | undefined;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface LocalModelState {
  state: 'ready' | 'loading' | 'loaded' | 'failed';
  error: ErrorBody | null;
  /** Of loading, 0 to 1. */
  progress: number | null;
}

export interface LocalModelFacts {
  /** Tokens that prompt and answer may have together: as loaded, or as it would be loaded now; null: unreadable. */
  contextLength: number | null;
  /** Whether its chat template knows tools. */
  tools: boolean;
  /** Why its file cannot be read. */
  error: ErrorBody | null;
}

/** What was once measured, such as a model's best number of threads. */
export interface Measurements {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

export interface LocalEngineOptions {
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

/** How the models of this folder reach their process. */
export interface ModelRunner {
  model: InstalledModel;
  /** The loaded model's process, started if need be. @throws AtelierError */
  ready(onStatus: (status: CallStatus) => void, signal?: AbortSignal): Promise<EngineProcess>;
}

interface Loaded {
  model: InstalledModel;
  engine: Promise<EngineProcess>;
  process: EngineProcess | null;
  progress: number;
  listeners: Set<(progress: number) => void>;
  abort: AbortController;
  lastUsed: number;
}

const KEEP_FREE = 0.1;

export function createLocalEngine(options: LocalEngineOptions): LocalEngine {
  const { log, measurements } = options;
  const maxThreads = options.maxThreads ?? availableParallelism();
  const availableMemory = options.availableMemory ?? freeMemory;
  const loaded = new Map<string, Loaded>();
  const failures = new Map<string, ErrorBody>();
  const described = new Map<string, Promise<LocalModelFacts>>();
  const changes = createEmitter<null>((error) => log.error('a listener failed', { error: String(error) }));
  let closed = false;
  /** One model is loaded after the other: each plans with the memory that is left then. */
  let loading: Promise<unknown> = Promise.resolve();

  const sweep = setInterval(() => void unloadIdle(), 15_000);
  sweep.unref();

  async function header(model: InstalledModel): Promise<GgufHeader> {
    try {
      return await readGgufHeader(model.path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new AtelierError('model_failed', `The model ${model.id} cannot be loaded: ${reason}`, {
        data: {
          model: model.id,
          path: model.path,
          reason,
          ...(error instanceof GgufError ? error.data : {}),
        },
        cause: error,
      });
    }
  }

  const plan = (model: InstalledModel, read: GgufHeader): MemoryPlan =>
    planMemory({
      header: read,
      kind: model.kind,
      availableBytes: availableMemory(),
      ...(options.maxContext === undefined ? {} : { maxContext: options.maxContext }),
      ...(options.maxSequences === undefined ? {} : { maxSequences: options.maxSequences }),
    });

  async function describe(model: InstalledModel): Promise<LocalModelFacts> {
    try {
      const read = await header(model);
      const templates = ['tokenizer.chat_template', 'tokenizer.chat_template.tool_use'].map((key) =>
        read.metadata.get(key),
      );
      const tools = templates.some((template) => typeof template === 'string' && /\btools\b/.test(template));
      return { contextLength: plan(model, read).contextLength, tools, error: null };
    } catch (error) {
      return { contextLength: null, tools: false, error: toAtelierError(error).toJSON() };
    }
  }

  const idle = (entry: Loaded) => entry.process !== null && entry.process.pending() === 0;

  /** Models nobody waits for leave memory, the longest unused first, until the plan fits in full. */
  async function makeRoom(model: InstalledModel, read: GgufHeader): Promise<MemoryPlan> {
    let current = plan(model, read);
    while (!current.fits) {
      const [victim] = [...loaded.values()].filter(idle).sort((a, b) => a.lastUsed - b.lastUsed);
      if (victim === undefined) break;
      log.info('a model leaves memory for another', { model: victim.model.id, for: model.id });
      await unload(victim.model.id);
      current = plan(model, read);
    }
    if (current.fits) return current;
    const availableBytes = Math.round(availableMemory());
    const [needed, available] = [current.neededBytes, availableBytes].map(
      (bytes) => `${Math.round(bytes / 1e6)} MB`,
    );
    throw new AtelierError(
      'insufficient_memory',
      `The model ${model.id} needs ${needed} of memory and ${available} are free. Close other programs or choose a smaller model.`,
      { data: { model: model.id, neededBytes: current.neededBytes, availableBytes }, retryable: true },
    );
  }

  async function load(model: InstalledModel, entry: Loaded): Promise<EngineProcess> {
    const read = await header(model);
    const { contextLength, sequences } = await makeRoom(model, read);
    const { size, mtimeMs } = await stat(model.path);
    const key = `local.threads:${model.sha256 ?? `${model.path}:${size}:${Math.round(mtimeMs)}`}:${maxThreads}`;
    const remembered = await measurements.get(key);
    const text = (name: string) => {
      const value = read.metadata.get(name);
      return typeof value === 'string' ? value : null;
    };
    const spec: LoadSpec = {
      path: model.path,
      kind: model.kind,
      gpu: options.gpu ?? 'auto',
      contextLength,
      sequences,
      threads: typeof remembered === 'number' ? remembered : maxThreads === 1 ? 1 : null,
      maxThreads,
      chatTemplate: text('tokenizer.chat_template'),
      toolTemplate: text('tokenizer.chat_template.tool_use'),
    };
    // What is measured while other programs keep the cores busy is good for now and not worth remembering.
    const busy = (loadavg()[0] ?? 0) > maxThreads / 2;
    const engine = await startEngine({
      spec,
      signal: entry.abort.signal,
      onProgress: (progress) => {
        entry.progress = progress;
        for (const listener of entry.listeners) listener(progress);
        changes.emit(null);
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

  function entryFor(model: InstalledModel): Loaded {
    const known = loaded.get(model.id);
    if (known !== undefined) return known;
    if (closed) throw new AtelierError('model_failed', 'The engine is closed.');
    const entry: Loaded = {
      model,
      engine: Promise.resolve() as never,
      process: null,
      progress: 0,
      listeners: new Set(),
      abort: new AbortController(),
      lastUsed: Date.now(),
    };
    loaded.set(model.id, entry);
    failures.delete(model.id);
    const turn = loading.then(() => {
      entry.abort.signal.throwIfAborted();
      return load(model, entry);
    });
    loading = turn.catch(() => {}); // told to the callers of this model below
    entry.engine = turn.then(
      (engine) => {
        entry.process = engine;
        void engine.exited.then((why) => {
          if (loaded.get(model.id) !== entry) return;
          loaded.delete(model.id);
          log.warn('a model stopped', { model: model.id, why });
          changes.emit(null);
        });
        changes.emit(null);
        return engine;
      },
      (error) => {
        if (loaded.get(model.id) === entry) loaded.delete(model.id);
        const known = toAtelierError(error);
        if (entry.abort.signal.aborted) {
          throw new AtelierError(
            'model_failed',
            `The model ${model.id} was unloaded while it was loading. Ask again.`,
            {
              data: { model: model.id },
              cause: error,
              retryable: true,
            },
          );
        }
        failures.set(model.id, known.toJSON());
        changes.emit(null);
        throw known;
      },
    );
    entry.engine.catch(() => {}); // every caller sees the rejection through its own await
    changes.emit(null);
    return entry;
  }

  const runner = (model: InstalledModel): ModelRunner => ({
    model,
    async ready(onStatus, signal) {
      const entry = entryFor(model);
      entry.lastUsed = Date.now();
      if (entry.process !== null) return entry.process;
      const tell = (progress: number | null) => onStatus({ status: 'loading', model: model.id, progress });
      tell(entry.progress);
      entry.listeners.add(tell);
      try {
        return await withSignal(entry.engine, signal);
      } finally {
        entry.listeners.delete(tell);
      }
    },
  });

  async function unload(modelId: string): Promise<void> {
    const entry = loaded.get(modelId);
    if (entry === undefined) return;
    loaded.delete(modelId);
    entry.abort.abort();
    const engine = await entry.engine.catch(() => null);
    await engine?.kill();
    changes.emit(null);
  }

  async function unloadIdle(): Promise<void> {
    const minutes = options.unloadAfterMinutes?.() ?? null;
    if (minutes === null) return;
    for (const entry of [...loaded.values()]) {
      if (entry.process !== null && entry.process.pending() > 0) entry.lastUsed = Date.now();
      else if (idle(entry) && Date.now() - entry.lastUsed > minutes * 60_000) {
        log.info('an idle model leaves memory', { model: entry.model.id, minutes });
        await unload(entry.model.id);
      }
    }
  }

  return {
    language: (model) => createLocalLanguageModel(runner(model)),
    embedding: (model) => createLocalEmbeddingModel(runner(model)),
    state(modelId) {
      const entry = loaded.get(modelId);
      if (entry !== undefined) {
        return entry.process === null
          ? { state: 'loading', error: null, progress: entry.progress }
          : { state: 'loaded', error: null, progress: null };
      }
      const error = failures.get(modelId) ?? null;
      return { state: error === null ? 'ready' : 'failed', error, progress: null };
    },
    async facts(model) {
      const key = `${model.id}:${model.path}`;
      const known = described.get(key) ?? describe(model);
      described.set(key, known);
      const facts = await known;
      if (facts.error !== null) described.delete(key); // the file may be repaired
      const info = loaded.get(model.id)?.process?.info;
      return info === undefined ? facts : { ...facts, contextLength: info.contextLength };
    },
    async countTokens(model, callOptions) {
      const engine = await runner(model).ready(() => {}, callOptions.abortSignal);
      return (await engine.count(readCall(callOptions).prompt)).tokens;
    },
    unload,
    pid: (modelId) => loaded.get(modelId)?.process?.pid,
    onChange: (listener) => changes.on(listener),
    async close() {
      closed = true;
      clearInterval(sweep);
      await Promise.all([...loaded.keys()].map(unload));
    },
  };
}

/**
 * What may be taken now, less a tenth. macOS reports only what was never used, although it gives back what it merely
 * remembers; half of all memory is the least that is assumed there.
 */
function freeMemory(): number {
  const stated = process.availableMemory();
  return (process.platform === 'darwin' ? Math.max(stated, totalmem() / 2) : stated) * (1 - KEEP_FREE);
}

async function withSignal<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  if (signal.aborted) throw new AtelierError('cancelled', 'The call was cancelled.');
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(new AtelierError('cancelled', 'The call was cancelled.'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
