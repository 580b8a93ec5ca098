// The near side of the thread that writes a merged file.
import { rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AtelierError, type ErrorBody, errorFromBody } from '../../contracts/errors.ts';
import type { Quantisation } from '../../contracts/tuned-model.ts';
import type { Trained } from './export-port.ts';
import { partOf } from './whole-file.ts';

export interface MergeOrder {
  trained: Trained;
  path: string;
  quantisation: Quantisation;
}

/** @throws AtelierError cancelled, storage_full (both numbers), internal */
export async function mergeInWorker(order: MergeOrder, signal?: AbortSignal): Promise<void> {
  const cancelled = () => new AtelierError('cancelled', 'The file is no longer wanted.');
  if (signal?.aborted) throw cancelled();
  // The compiler does not rewrite this address, so the file's own extension says whether it is source or emitted.
  const worker = new Worker(new URL(`./merge-worker${extname(import.meta.url)}`, import.meta.url), {
    name: 'merge',
    workerData: order,
  });
  const outcome = Promise.withResolvers<void>();
  const stop = () => outcome.reject(cancelled());
  signal?.addEventListener('abort', stop, { once: true });
  const fail = (cause: unknown) =>
    outcome.reject(
      new AtelierError('internal', `The thread that writes ${order.path} stopped. Try again.`, { cause }),
    );
  worker.on('message', ({ error }: { error: ErrorBody | null }) => {
    if (error === null) outcome.resolve();
    else outcome.reject(errorFromBody(error));
  });
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`exit code ${code}`)));
  try {
    await outcome.promise;
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
    // A thread that was stopped leaves what it had written.
    await rm(partOf(order.path), { force: true });
  }
}
