// The near side of the computing thread: programs are loaded, bound to shared memory, and run by name.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { NumericsError } from './errors.ts';
import type { FromWorker, Request, ToWorker } from './messages.ts';
import { sharedIntegers } from './shared-array.ts';

export interface GraphSession {
  /** One request after the other, in order. */
  ask(request: Exclude<Request, { type: 'close' }>): Promise<void>;
  /** Refuses what is open, and resolves when the thread has ended: what it computes just now is computed to the end. */
  close(): Promise<void>;
}

/** Milliseconds. */
const longestStep = 30_000;

interface Open {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** @param signal aborting rejects what is open with its reason; the thread ends after what it computes just now */
export function startGraphSession({ signal }: { signal?: AbortSignal | undefined } = {}): GraphSession {
  signal?.throwIfAborted();
  const busy = sharedIntegers(1);
  // The compiler does not rewrite this address, so the file's own extension says whether it is source or emitted.
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
    name: 'numerics',
    workerData: busy,
  });
  const open = new Map<number, Open>();
  let lastId = 0;
  let dead: unknown = null;
  let closing = false;
  let exited = false;
  worker.unref();

  const die = (reason: unknown) => {
    dead ??= reason;
    for (const { reject } of open.values()) reject(dead);
    open.clear();
  };
  /** Never by force: a thread that is stopped inside a native call takes the whole process with it. */
  const stop = (reason: unknown) => {
    die(reason);
    if (closing || exited) return;
    closing = true;
    worker.ref();
    worker.postMessage({ type: 'close', id: 0 } satisfies ToWorker);
  };
  const abort = () => stop(signal?.reason);
  // For the same reason a program that ends in the middle of a step waits for the step.
  const waitForStep = () => Atomics.wait(busy, 0, 1, longestStep);
  process.on('exit', waitForStep);
  signal?.addEventListener('abort', abort, { once: true });
  const fail = (cause: unknown) =>
    die(
      new NumericsError('failed', 'The thread that computes stopped; start again from the last checkpoint.', {
        cause,
      }),
    );
  worker.on('error', fail);
  worker.on('exit', (code) => {
    exited = true;
    process.off('exit', waitForStep);
    signal?.removeEventListener('abort', abort);
    fail(new Error(`exit code ${code}`));
  });
  worker.on('message', (reply: FromWorker) => {
    const asked = open.get(reply.id);
    open.delete(reply.id);
    if (open.size === 0 && !closing) worker.unref();
    if ('error' in reply) asked?.reject(new NumericsError(reply.error.code, reply.error.message));
    else asked?.resolve();
  });

  const send = (request: Request): Promise<void> => {
    if (dead !== null) return Promise.reject(dead);
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      // Only what is asked keeps the process alive, not an idle session.
      worker.ref();
      open.set(id, { resolve, reject });
      worker.postMessage({ ...request, id } satisfies ToWorker);
    });
  };

  return {
    ask: send,
    async close() {
      if (exited) return;
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      stop(new NumericsError('closed', 'The training session is closed.'));
      await ended;
    },
  };
}
