// The near side of the thread that fits a head.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AtelierError } from '../../contracts/errors.ts';
import type { TrainedHead, TrainHeadInput } from './train-head.ts';

type Message = { result: TrainedHead } | { done: number; total: number };

/** @throws AtelierError internal, and the signal's reason */
export function fitInWorker(
  input: TrainHeadInput,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<TrainedHead> {
  signal.throwIfAborted();
  return new Promise<TrainedHead>((resolve, reject) => {
    const worker = new Worker(new URL(`./fit-worker${extname(import.meta.url)}`, import.meta.url), {
      name: 'classifier-fit',
      workerData: input,
    });
    const stop = () => {
      reject(signal.reason);
      void worker.terminate();
    };
    signal.addEventListener('abort', stop, { once: true });
    const fail = (cause: unknown) =>
      reject(
        new AtelierError('internal', 'The thread that fits a classifier stopped. Train it again.', { cause }),
      );
    worker.on('message', (message: Message) => {
      if ('result' in message) resolve(message.result);
      else onProgress(message.done, message.total);
    });
    worker.on('error', fail);
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', stop);
      fail(new Error(`exit code ${code}`));
    });
  });
}
