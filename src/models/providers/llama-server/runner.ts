// Keeps one llama-server a provider: started by the first call, kept while calls use it, stopped when idle or at the end.
import { AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import type { LlamaServer } from '../../../contracts/provider.ts';
import type { Http } from '../../../lib/http.ts';
import type { Log } from '../../../lib/log.ts';
import { type ServerProcess, type ServerProps, startServer } from './server-process.ts';

export interface LlamaServerRunner {
  /**
   * Starts it when it is not there, and keeps it until `release`.
   * @throws AtelierError model_failed; the signal's reason when that fires, while the loading goes on for the next call
   */
  lease(id: string, options: LeaseOptions): Promise<Lease>;
  state(id: string): { state: 'ready' | 'loading' | 'loaded'; props: ServerProps | null };
  stop(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface LeaseOptions {
  config: LlamaServer;
  modelPath: string;
  /** A LoRA adapter that is laid over it. */
  adapterPath?: string | null;
  signal?: AbortSignal | undefined;
  onProgress?: (share: number | null) => void;
}

export interface Lease {
  baseUrl: string;
  apiKey: string;
  release(): void;
  /** The error with which it ended, when it has; waits a moment for it. */
  death(): Promise<AtelierError | null>;
}

export interface RunnerOptions {
  http: Http;
  log: Log;
  /** Minutes after which an idle one is stopped; null: never. */
  idleMinutes: () => number | null;
  loadTimeoutMs?: number;
}

interface Entry {
  stop: AbortController;
  listeners: Set<(share: number | null) => void>;
  progress: number | null;
  starting: Promise<ServerProcess>;
  running: ServerProcess | null;
  users: number;
  idle: NodeJS.Timeout | null;
}

const LOAD_TIMEOUT_MS = 600_000;
/** How long after a broken answer its end may become known. */
const DEATH_MS = 500;

export function createLlamaServerRunner(options: RunnerOptions): LlamaServerRunner {
  const { http, log, idleMinutes, loadTimeoutMs = LOAD_TIMEOUT_MS } = options;
  const entries = new Map<string, Entry>();
  const lastProps = new Map<string, ServerProps>();
  let closed = false;

  function forget(id: string, entry: Entry): void {
    if (entries.get(id) === entry) entries.delete(id);
    if (entry.idle) clearTimeout(entry.idle);
  }

  function start(id: string, { config, modelPath, adapterPath = null }: LeaseOptions): Entry {
    const stop = new AbortController();
    const entry: Entry = {
      stop,
      listeners: new Set(),
      progress: null,
      running: null,
      users: 0,
      idle: null,
      starting: startServer({
        http,
        command: config.command,
        arguments: config.arguments,
        modelPath,
        adapterPath,
        projector: config.projector,
        signal: stop.signal,
        loadTimeoutMs,
        onProgress(share) {
          entry.progress = share;
          for (const listener of entry.listeners) listener(share);
        },
      }),
    };
    entries.set(id, entry);
    entry.starting.then(
      (running) => {
        entry.running = running;
        lastProps.set(id, running.props);
        log.info('a llama-server was started', { id });
        if (entry.users === 0) waitIdle(id, entry);
        void running.ended.then((error) => {
          if (!stop.signal.aborted) log.warn('a llama-server ended', { id, message: error.message });
          forget(id, entry);
        });
      },
      (error: unknown) => {
        log.warn('a llama-server did not start', { id, message: toAtelierError(error).message });
        forget(id, entry);
      },
    );
    return entry;
  }

  function waitIdle(id: string, entry: Entry): void {
    const minutes = idleMinutes();
    if (minutes === null) return;
    entry.idle = setTimeout(() => {
      if (entry.users === 0) void stopEntry(id, entry);
    }, minutes * 60_000);
    entry.idle.unref();
  }

  async function stopEntry(id: string, entry: Entry): Promise<void> {
    forget(id, entry);
    entry.stop.abort(
      new AtelierError('model_failed', 'The llama-server was stopped while it was loading.', {
        retryable: true,
      }),
    );
    await entry.starting.then(
      (running) => running.stop(),
      () => undefined,
    );
  }

  return {
    async lease(id, request) {
      if (closed) throw new AtelierError('cancelled', 'The program is stopping.');
      const entry = entries.get(id) ?? start(id, request);
      const listener = request.onProgress;
      entry.users += 1;
      if (entry.idle) clearTimeout(entry.idle);
      entry.idle = null;
      let held = true;
      const release = () => {
        if (!held) return;
        held = false;
        entry.users -= 1;
        if (entry.users === 0 && entry.running && entries.get(id) === entry) waitIdle(id, entry);
      };
      try {
        if (!entry.running && listener) {
          listener(entry.progress);
          entry.listeners.add(listener);
        }
        const running = await orAborted(entry.starting, request.signal);
        return {
          baseUrl: running.baseUrl,
          apiKey: running.apiKey,
          release,
          death: () => Promise.race([running.ended, later(DEATH_MS)]),
        };
      } catch (error) {
        release();
        throw error;
      } finally {
        if (listener) entry.listeners.delete(listener);
      }
    },
    state(id) {
      const entry = entries.get(id);
      const props = lastProps.get(id) ?? null;
      return { state: entry ? (entry.running ? 'loaded' : 'loading') : 'ready', props };
    },
    async stop(id) {
      lastProps.delete(id);
      const entry = entries.get(id);
      if (entry) await stopEntry(id, entry);
    },
    async close() {
      closed = true;
      await Promise.all([...entries].map(([id, entry]) => stopEntry(id, entry)));
    },
  };
}

const later = (ms: number): Promise<null> =>
  new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());

function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
