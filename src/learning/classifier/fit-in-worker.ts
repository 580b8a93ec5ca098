// The near side of the thread that fits a head.
import { AtelierError } from '../../contracts/errors.ts';
import { runInWorker } from '../../lib/run-in-worker.ts';
import type { TrainedHead, TrainHeadInput } from './train-head.ts';

type Message = { result: TrainedHead } | { done: number; total: number };

/** @throws AtelierError internal, and the signal's reason */
export const fitInWorker = (
  input: TrainHeadInput,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<TrainedHead> =>
  runInWorker<Message, TrainedHead>({
    beside: import.meta.url,
    file: 'fit-worker',
    order: input,
    signal,
    cancelled: () => signal.reason,
    stopped: (cause) =>
      new AtelierError('internal', 'The thread that fits a classifier stopped. Train it again.', { cause }),
    hear: (said, { resolve }) => {
      if ('result' in said) resolve(said.result);
      else onProgress(said.done, said.total);
    },
  });
