// The near side of the computing thread: programs are loaded, bound to shared memory, and run by name.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { NumericsError } from './errors.ts';
import type { FromWorker, Request, ToWorker } from './messages.ts';

export interface GraphSession {
  /** One request after the other, in order. */
  ask(request: Exclude<Request, { type: 'close' }>): Promise<void>;
  /** Ends what runs, at the latest when its native call returns. */
  close(): Promise<void>;
}

interface Open {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** @param signal aborting rejects what is open with its reason and stops the thread */
export function startGraphSession({ signal }: { signal?: AbortSignal | undefined } = {}): GraphSession {
  signal?.throwIfAborted();
  // The compiler does not rewrite this address, so the file's own extension says whether it is source or emitted.
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
    name: 'numerics',
  });
  const open = new Map<number, Open>();
  let lastId = 0;
  let dead: unknown = null;
  worker.unref();

  const die = (reason: unknown) => {
    dead ??= reason;
    for (const { reject } of open.values()) reject(dead);
    open.clear();
  };
  const abort = () => {
    die(signal?.reason);
    void worker.terminate();
  };
  signal?.addEventListener('abort', abort, { once: true });
  const fail = (cause: unknown) =>
    die(
      new NumericsError('failed', 'The thread that computes stopped; start again from the last checkpoint.', {
        cause,
      }),
    );
  worker.on('error', fail);
  worker.on('exit', (code) => {
    signal?.removeEventListener('abort', abort);
    fail(new Error(`exit code ${code}`));
  });
  worker.on('message', (reply: FromWorker) => {
    const asked = open.get(reply.id);
    open.delete(reply.id);
    if (open.size === 0) worker.unref();
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
      if (dead !== null) return;
      const stopped = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      await send({ type: 'close' }).catch(() => worker.terminate());
      dead ??= new NumericsError('closed', 'The training session is closed.');
      await stopped;
    },
  };
}
