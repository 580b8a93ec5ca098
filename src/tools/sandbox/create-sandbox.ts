// Runs JavaScript that a model or a person wrote, in a thread of its own: QuickJS in WebAssembly inside it, so that
// neither an endless loop nor a broken engine touches the server. A few at a time; the rest wait their turn.
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AtelierError } from '../../contracts/errors.ts';
import type { SandboxOutcome, SandboxTask } from './messages.ts';

export interface SandboxRunOptions {
  /** Globals by name; they must have a JSON form. */
  globals?: Record<string, unknown>;
  /** Default 5,000. */
  timeoutMs?: number;
  /** Default 64 MB. */
  memoryBytes?: number;
  signal?: AbortSignal;
}

export interface Sandbox {
  /**
   * What the program did; its own failure is an outcome and not an error.
   * @throws AtelierError cancelled, invalid_request for a global without JSON form
   */
  run(code: string, options?: SandboxRunOptions): Promise<SandboxOutcome>;
}

export interface SandboxOptions {
  /** Threads at once. */
  maxParallel?: number;
}

const MB = 1024 * 1024;
/** QuickJS calls use the stack of the thread several times over; at this size it refuses before the thread does. */
const STACK_BYTES = 256 * 1024;
const MAX_OUTPUT_CHARACTERS = 200_000;
/** How much longer than its limit a thread may take before it is ended from outside. */
const GRACE_MS = 500;

export function createSandbox({ maxParallel = 2 }: SandboxOptions = {}): Sandbox {
  let wasm: Promise<WebAssembly.Module> | undefined;
  let running = 0;
  const waiting: (() => void)[] = [];
  const leave = () => {
    running--;
    waiting.shift()?.();
  };
  const enter = async (signal: AbortSignal | undefined) => {
    while (running >= maxParallel) {
      await new Promise<void>((resolve, reject) => {
        const go = () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        };
        const stop = () => {
          waiting.splice(waiting.indexOf(go), 1);
          reject(cancelled(signal));
        };
        waiting.push(go);
        signal?.addEventListener('abort', stop, { once: true });
      });
    }
    running++;
  };

  return {
    async run(code, { globals = {}, timeoutMs = 5_000, memoryBytes = 64 * MB, signal } = {}) {
      if (signal?.aborted) throw cancelled(signal);
      wasm ??= compile();
      const task: SandboxTask = {
        code,
        globals: Object.fromEntries(
          Object.entries(globals).map(([name, value]) => [name, toJson(name, value)]),
        ),
        timeoutMs,
        memoryBytes,
        stackBytes: STACK_BYTES,
        maxOutputCharacters: MAX_OUTPUT_CHARACTERS,
        wasm: await wasm,
      };
      await enter(signal);
      try {
        return await runInThread(task, signal);
      } finally {
        leave();
      }
    },
  };
}

const compile = async () =>
  WebAssembly.compile(
    await readFile(fileURLToPath(import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'))),
  );

const cancelled = (signal: AbortSignal | undefined) =>
  new AtelierError('cancelled', 'The program was stopped.', { cause: signal?.reason });

function toJson(name: string, value: unknown): string {
  const json = JSON.stringify(value);
  if (json === undefined) throw new AtelierError('invalid_request', `The global ${name} has no JSON form.`);
  return json;
}

function runInThread(task: SandboxTask, signal: AbortSignal | undefined): Promise<SandboxOutcome> {
  const started = performance.now();
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
    name: 'sandbox',
    workerData: task,
    env: {},
    argv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16, stackSizeMb: 8 },
  });
  const failure = (kind: 'timeout' | 'crash', message: string): SandboxOutcome => ({
    ok: false,
    value: null,
    json: null,
    error: { kind, name: 'Error', message, stack: null },
    console: [],
    consoleLeftOut: 0,
    durationMs: Math.round(performance.now() - started),
  });
  return new Promise<SandboxOutcome>((resolve, reject) => {
    // The clock starts with the program and not with the thread.
    const arm = () =>
      setTimeout(
        () =>
          resolve(failure('timeout', `the program ran longer than ${task.timeoutMs / 1000} s and was ended`)),
        task.timeoutMs + GRACE_MS,
      );
    let timer: NodeJS.Timeout | undefined;
    const stop = () => reject(cancelled(signal));
    signal?.addEventListener('abort', stop, { once: true });
    worker.once('online', () => {
      timer = arm();
    });
    worker.once('message', resolve);
    worker.once('error', (error: Error) =>
      resolve(failure('crash', `the program broke its engine: ${error.message}`)),
    );
    worker.once('exit', () => resolve(failure('crash', 'the program ended its engine')));
    worker.once('exit', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    });
  }).finally(() => worker.terminate());
}
