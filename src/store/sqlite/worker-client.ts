// The near side of a SQLite worker: a promise a request, in order; a worker that dies fails what it was asked.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AtelierError } from '../../contracts/errors.ts';
import type { Batch, BatchOutcome, Statement } from '../group-commit.ts';
import type { StatementResult } from '../store.ts';
import { sqliteError } from './errors.ts';
import type { WorkerOptions, WorkerOutcome, WorkerReply, WorkerRequest } from './messages.ts';

export interface SqliteWorker {
  step(statement: Statement): Promise<StatementResult>;
  group(batches: Batch[]): Promise<BatchOutcome[]>;
  close(): Promise<void>;
}

type Ask<T> = T extends { id: number } ? Omit<T, 'id'> : never;

export function startSqliteWorker(options: WorkerOptions): SqliteWorker {
  // The compiler does not rewrite this address, so the file's own extension says whether it is source or emitted.
  const entry = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(entry, { workerData: options, name: `sqlite-${options.role}` });
  const open = new Map<
    number,
    { resolve: (outcomes: WorkerOutcome[]) => void; reject: (error: Error) => void }
  >();
  let lastId = 0;
  let dead: Error | null = null;
  worker.unref();

  worker.on('message', ({ id, outcomes }: WorkerReply) => {
    const asked = open.get(id);
    open.delete(id);
    if (open.size === 0) worker.unref();
    asked?.resolve(outcomes);
  });
  const die = (cause: unknown) => {
    dead ??= new AtelierError(
      'storage_failed',
      `The thread that keeps ${options.path} stopped. Start Atelier again.`,
      {
        cause,
        data: { path: options.path },
      },
    );
    for (const { reject } of open.values()) reject(dead);
    open.clear();
  };
  worker.on('error', die);
  worker.on('exit', (code) => die(new Error(`exit code ${code}`)));

  function ask(request: Ask<WorkerRequest>): Promise<WorkerOutcome[]> {
    if (dead) return Promise.reject(dead);
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      // Only what is asked keeps the process alive, not an idle store.
      worker.ref();
      open.set(id, { resolve, reject });
      worker.postMessage({ ...request, id });
    });
  }

  const outcomeOf = (outcome: WorkerOutcome): BatchOutcome =>
    'failure' in outcome ? { error: sqliteError(outcome.failure, options.path) } : outcome;

  return {
    async step(statement) {
      const [outcome] = (await ask({ type: 'step', statement })).map(outcomeOf);
      if (outcome && 'error' in outcome) throw outcome.error;
      const result = outcome?.results[0];
      if (!result) throw new AtelierError('internal', 'The store answered a statement with nothing.');
      return result;
    },
    async group(batches) {
      return (await ask({ type: 'group', batches })).map(outcomeOf);
    },
    async close() {
      if (dead) return;
      const [outcome] = (await ask({ type: 'close' })).map(outcomeOf);
      dead = new AtelierError('storage_failed', `The store ${options.path} is closed.`);
      await worker.terminate();
      if (outcome && 'error' in outcome) throw outcome.error;
    },
  };
}
