// The near side of a thread of ours that carries out one order: what it says, how it ends, and how it is stopped.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

export interface WorkerOrder<Said, Result> {
  /** `import.meta.url` of the caller; the thread's file lies beside it. */
  beside: string;
  /** Without its extension. */
  file: string;
  order: unknown;
  signal?: AbortSignal | undefined;
  /** What is thrown on an abort. */
  cancelled: () => unknown;
  /** What is thrown when the thread ends without an outcome. */
  stopped: (cause: unknown) => unknown;
  /** Each message; one of them is the outcome. */
  hear: (said: Said, outcome: Pick<PromiseWithResolvers<Result>, 'resolve' | 'reject'>) => void;
}

/** @throws what `cancelled`, `stopped` and `hear` say */
export async function runInWorker<Said, Result>(options: WorkerOrder<Said, Result>): Promise<Result> {
  const { beside, file, order, signal, cancelled, hear } = options;
  if (signal?.aborted) throw cancelled();
  // The compiler does not rewrite this address, so the caller's own extension says whether it is source or emitted.
  const worker = new Worker(new URL(`./${file}${extname(beside)}`, beside), {
    name: file,
    workerData: order,
  });
  const outcome = Promise.withResolvers<Result>();
  const stop = () => outcome.reject(cancelled());
  signal?.addEventListener('abort', stop, { once: true });
  const fail = (cause: unknown) => outcome.reject(options.stopped(cause));
  worker.on('message', (said: Said) => hear(said, outcome));
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`exit code ${code}`)));
  try {
    return await outcome.promise;
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
