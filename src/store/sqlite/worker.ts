// A SQLite connection in a worker thread: the writer commits groups of batches with an fsync, the reader only selects.
// Knows nothing of the product's tables.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Batch, Statement } from '../group-commit.ts';
import type { StatementResult } from '../store.ts';
import type { SqliteFailure, WorkerOptions, WorkerOutcome, WorkerReply, WorkerRequest } from './messages.ts';

const KEPT_STATEMENTS = 300;

const { path, role, busyTimeoutMs } = workerData as WorkerOptions;
const port = parentPort;
if (!port) throw new Error('This file is a worker; start it through worker-client.');

interface Prepared {
  statement: StatementSync;
  returnsRows: boolean;
}

let opened: DatabaseSync | undefined;
const prepared = new Map<string, Prepared>();

function database(): DatabaseSync {
  if (opened) return opened;
  const db = new DatabaseSync(path, { readOnly: role === 'reader', timeout: busyTimeoutMs });
  try {
    // auto_vacuum is taken only by an empty file, and must come before the journal mode makes it one that is not.
    if (role === 'writer') db.exec('pragma auto_vacuum = incremental; pragma journal_mode = wal;');
    db.exec('pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory;');
    db.exec('pragma cache_size = -8000; pragma journal_size_limit = 67108864;');
  } catch (error) {
    db.close();
    throw error;
  }
  opened = db;
  return db;
}

/** The statement of this text, compiled once; the one that was used longest ago makes room. */
function prepare(sql: string): Prepared {
  let entry = prepared.get(sql);
  if (entry) prepared.delete(sql);
  else {
    const statement = database().prepare(sql);
    entry = { statement, returnsRows: statement.columns().length > 0 };
    // A writing statement cannot be run again when a value turns out too large, so it reads exactly from the start.
    if (role === 'writer' && entry.returnsRows) statement.setReadBigInts(true);
    const oldest = prepared.size >= KEPT_STATEMENTS ? prepared.keys().next().value : undefined;
    if (oldest !== undefined) prepared.delete(oldest);
  }
  prepared.set(sql, entry);
  return entry;
}

/** node:sqlite binds every number as a real, so that 7 in a text column would read '7.0'. */
function bind(value: SQLInputValue): SQLInputValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function toNumbers(rows: Record<string, unknown>[]): Record<string, unknown>[] {
  for (const row of rows) {
    for (const [key, value] of Object.entries(row)) {
      if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) row[key] = Number(value);
    }
  }
  return rows;
}

function execute({ sql, parameters }: Statement): StatementResult {
  const { statement, returnsRows } = prepare(sql);
  const values = parameters.map(bind);
  if (!returnsRows) return { rows: [], affected: Number(statement.run(...values).changes) };
  if (role === 'writer') {
    const rows = toNumbers(statement.all(...values));
    return { rows, affected: rows.length };
  }
  let rows: Record<string, unknown>[];
  try {
    rows = statement.all(...values);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_OUT_OF_RANGE') throw error;
    // Rare, and twice as slow: an integer beyond 2^53.
    statement.setReadBigInts(true);
    rows = toNumbers(statement.all(...values));
    statement.setReadBigInts(false);
  }
  return { rows, affected: 0 };
}

function failureOf(error: unknown): SqliteFailure {
  const { message, errcode } = error as { message?: string; errcode?: number };
  return { message: message ?? String(error), ...(errcode === undefined ? {} : { errcode }) };
}

function rollBack(db: DatabaseSync): void {
  if (db.isTransaction) db.exec('rollback');
}

function runAlone(db: DatabaseSync, batch: Batch): WorkerOutcome {
  try {
    db.exec('begin immediate');
    const results = batch.map(execute);
    db.exec('commit');
    return { results };
  } catch (error) {
    rollBack(db);
    return { failure: failureOf(error) };
  }
}

function runGroup(batches: Batch[]): WorkerOutcome[] {
  const db = database();
  const [first] = batches;
  if (batches.length === 1 && first) return [runAlone(db, first)];
  const outcomes: WorkerOutcome[] = [];
  try {
    db.exec('begin immediate');
    for (const batch of batches) {
      db.exec('savepoint batch');
      try {
        outcomes.push({ results: batch.map(execute) });
      } catch (error) {
        // A full disk ends the whole transaction, and with it the batches before this one.
        if (!db.isTransaction) throw error;
        db.exec('rollback to batch');
        outcomes.push({ failure: failureOf(error) });
      }
      db.exec('release batch');
    }
    db.exec('commit');
    return outcomes;
  } catch {
    // The group as a whole failed: each batch gets a transaction, and so an outcome, of its own.
    rollBack(db);
    return batches.map((batch) => runAlone(db, batch));
  }
}

/** Figures for the query planner. Without them queries are right and perhaps slower, so a full disk may refuse them. */
function refreshStatistics(): void {
  if (role !== 'writer' || !opened) return;
  try {
    opened.exec('pragma optimize');
  } catch {
    // The next close tries again.
  }
}

function answer(request: WorkerRequest): WorkerOutcome[] {
  try {
    switch (request.type) {
      case 'step':
        return [{ results: [execute(request.statement)] }];
      case 'group':
        return runGroup(request.batches);
      case 'close':
        refreshStatistics();
        prepared.clear();
        opened?.close();
        opened = undefined;
        return [{ results: [] }];
    }
  } catch (error) {
    const failure = failureOf(error);
    return request.type === 'group' ? request.batches.map(() => ({ failure })) : [{ failure }];
  }
}

port.on('message', (request: WorkerRequest) => {
  const reply: WorkerReply = { id: request.id, outcomes: answer(request) };
  port.postMessage(reply);
});
