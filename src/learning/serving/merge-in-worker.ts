// The near side of the thread that writes a merged file.
import { rm } from 'node:fs/promises';
import { AtelierError, type ErrorBody, errorFromBody } from '../../contracts/errors.ts';
import type { Quantisation } from '../../contracts/tuned-model.ts';
import { runInWorker } from '../../lib/run-in-worker.ts';
import type { Trained } from './export-port.ts';
import { partOf } from './whole-file.ts';

export interface MergeOrder {
  trained: Trained;
  path: string;
  quantisation: Quantisation;
}

/** @throws AtelierError cancelled, storage_full (both numbers), internal */
export async function mergeInWorker(order: MergeOrder, signal?: AbortSignal): Promise<void> {
  try {
    await runInWorker<{ error: ErrorBody | null }, void>({
      beside: import.meta.url,
      file: 'merge-worker',
      order,
      signal,
      cancelled: () => new AtelierError('cancelled', 'The file is no longer wanted.'),
      stopped: (cause) =>
        new AtelierError('internal', `The thread that writes ${order.path} stopped. Try again.`, { cause }),
      hear: ({ error }, { resolve, reject }) => {
        if (error === null) resolve();
        else reject(errorFromBody(error));
      },
    });
  } finally {
    // A thread that was stopped leaves what it had written.
    await rm(partOf(order.path), { force: true });
  }
}
