// The near side of the index's worker thread: a promise a request, in order.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AtelierError } from '../../../contracts/errors.ts';
import type { FromWorker, IndexRow, Replies, Request, ToWorker } from './messages.ts';

export interface IndexWorker {
  /** Arrays of rows are handed over, not copied. */
  ask<R extends Request>(request: R): Promise<Replies[R['type']]>;
  /** Why it can be asked no more; null while it can. */
  fault(): Error | null;
  close(): Promise<void>;
}

interface Open {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

export function startIndexWorker(): IndexWorker {
  // The compiler does not rewrite this address, so the file's own extension says whether it is source or emitted.
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
    name: 'passage-index',
  });
  const open = new Map<number, Open>();
  let lastId = 0;
  let dead: Error | null = null;
  worker.unref();

  const die = (cause: unknown) => {
    dead ??= new AtelierError(
      'internal',
      'The thread that holds the index of documents stopped; the next search builds it again.',
      { cause, retryable: true },
    );
    for (const { reject } of open.values()) reject(dead);
    open.clear();
  };
  worker.on('error', die);
  worker.on('exit', (code) => die(new Error(`exit code ${code}`)));
  worker.on('message', (reply: FromWorker) => {
    const asked = open.get(reply.id);
    open.delete(reply.id);
    if (open.size === 0) worker.unref();
    if ('error' in reply)
      asked?.reject(new AtelierError('internal', `The index of documents failed: ${reply.error}`));
    else asked?.resolve(reply.value as never);
  });

  return {
    ask(request) {
      if (dead) return Promise.reject(dead);
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        // Only what is asked keeps the process alive, not an idle index.
        worker.ref();
        open.set(id, { resolve, reject });
        const message: ToWorker = { ...request, id };
        worker.postMessage(message, 'rows' in request ? buffersOf(request.rows) : []);
      });
    },
    fault: () => dead,
    async close() {
      dead ??= new AtelierError('internal', 'The index of documents is closed.');
      await worker.terminate();
    },
  };
}

function buffersOf(rows: readonly IndexRow[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { terms, vector } of rows)
    for (const bytes of [terms, vector])
      if (bytes && bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength)
        buffers.add(bytes.buffer);
  return [...buffers];
}
