// What crosses the border to a SQLite worker. Types only: the worker stays small and imports nothing of the product.
import type { Batch, Statement } from '../group-commit.ts';
import type { StatementResult } from '../store.ts';

export interface WorkerOptions {
  path: string;
  role: 'writer' | 'reader';
  busyTimeoutMs: number;
}

export type WorkerRequest =
  /** One statement with no transaction round it: migrations and the reader. */
  | { id: number; type: 'step'; statement: Statement }
  /** Batches that share a transaction, each in a savepoint. */
  | { id: number; type: 'group'; batches: Batch[] }
  | { id: number; type: 'close' };

/** A failure of SQLite as data; `errors.ts` makes an AtelierError of it. */
export interface SqliteFailure {
  message: string;
  /** SQLite's extended result code; absent when the fault was not SQLite's. */
  errcode?: number;
}

export type WorkerOutcome = { results: StatementResult[] } | { failure: SqliteFailure };
export type WorkerReply = { id: number; outcomes: WorkerOutcome[] };
