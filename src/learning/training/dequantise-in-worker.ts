// The near side of the thread that dequantises a base.
import { AtelierError, errorFromBody } from '../../contracts/errors.ts';
import { runInWorker } from '../../lib/run-in-worker.ts';
import type { DequantiseOrder } from './dequantise-base.ts';
import type { DequantiseSays } from './dequantise-worker.ts';

export interface DequantiseOptions {
  signal?: AbortSignal | undefined;
  /** From 0 to 1. */
  onProgress?: ((done: number) => void) | undefined;
  /** The disk was full in the middle of it; what to say of that. */
  full: (cause: unknown) => Promise<AtelierError>;
}

type Ended = Extract<DequantiseSays, { error: unknown }>;

/**
 * Whoever orders it takes away what was written of a file that did not become whole.
 * @throws AtelierError cancelled, what `full` says, internal
 */
export async function dequantiseInWorker(
  order: DequantiseOrder,
  { signal, onProgress, full }: DequantiseOptions,
): Promise<void> {
  const { error, isDiskFull } = await runInWorker<DequantiseSays, Ended>({
    beside: import.meta.url,
    file: 'dequantise-worker',
    order,
    signal,
    cancelled: () => new AtelierError('cancelled', 'The weights are no longer wanted.'),
    stopped: (cause) =>
      new AtelierError('internal', `The thread that reads ${order.path} stopped. Try again.`, { cause }),
    hear: (said, { resolve }) => {
      if ('hundredths' in said) onProgress?.(said.hundredths / 100);
      else resolve(said);
    },
  });
  if (error === null) return;
  const thrown = errorFromBody(error);
  throw isDiskFull ? await full(thrown) : thrown;
}
