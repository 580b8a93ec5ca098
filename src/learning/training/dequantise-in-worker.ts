// The near side of the thread that dequantises a base.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AtelierError, errorFromBody } from '../../contracts/errors.ts';
import type { DequantiseOrder } from './dequantise-base.ts';
import type { DequantiseSays } from './dequantise-worker.ts';

export interface DequantiseOptions {
  signal?: AbortSignal | undefined;
  /** From 0 to 1. */
  onProgress?: ((done: number) => void) | undefined;
  /** The disk was full in the middle of it; what to say of that. */
  full: (cause: unknown) => Promise<AtelierError>;
}

/**
 * Whoever orders it takes away what was written of a file that did not become whole.
 * @throws AtelierError cancelled, what `full` says, internal
 */
export async function dequantiseInWorker(
  order: DequantiseOrder,
  { signal, onProgress, full }: DequantiseOptions,
): Promise<void> {
  const cancelled = () => new AtelierError('cancelled', 'The weights are no longer wanted.');
  if (signal?.aborted) throw cancelled();
  // The compiler does not rewrite this address, so the file's own extension says whether it is source or emitted.
  const worker = new Worker(new URL(`./dequantise-worker${extname(import.meta.url)}`, import.meta.url), {
    name: 'dequantise',
    workerData: order,
  });
  const outcome = Promise.withResolvers<Extract<DequantiseSays, { error: unknown }>>();
  const stop = () => outcome.reject(cancelled());
  signal?.addEventListener('abort', stop, { once: true });
  const fail = (cause: unknown) =>
    outcome.reject(
      new AtelierError('internal', `The thread that reads ${order.path} stopped. Try again.`, { cause }),
    );
  worker.on('message', (said: DequantiseSays) => {
    if ('hundredths' in said) onProgress?.(said.hundredths / 100);
    else outcome.resolve(said);
  });
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`exit code ${code}`)));
  try {
    const { error, isDiskFull } = await outcome.promise;
    if (error === null) return;
    const thrown = errorFromBody(error);
    throw isDiskFull ? await full(thrown) : thrown;
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
