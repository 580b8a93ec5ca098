// The job that runs an app over the rows of a file. A row that is done is never run again: what a kill or a pause
// interrupted starts with the first row that has no result.
import { type AtelierError, type ErrorCode, toAtelierError } from '../../contracts/errors.ts';
import type { JobContext, JobHandler } from '../../jobs/queue.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { Store } from '../../store/store.ts';
import type { AppDefinition, Apps } from '../apps.ts';
import type { BatchPayload, BatchRow, BatchRows } from './batch-rows.ts';
import type { Table } from './read-table.ts';
import { type InputFields, rowInput } from './row-input.ts';

export const BATCH_KIND = 'apps.batch';

/** Rows at once of a remote model; a local one has all its cores at work on one. */
const REMOTE_ROWS = 4;

/** Failures that every other row would meet too: they stop the job, which can be resumed, and not the row. */
const stoppers: readonly ErrorCode[] = [
  'model_not_found',
  'model_not_installed',
  'model_loading',
  'model_failed',
  'insufficient_memory',
  'budget_exceeded',
  'rate_limited',
  'provider_unauthorized',
  'provider_rate_limited',
  'provider_unreachable',
  'storage_full',
  'storage_failed',
];

export interface BatchJobOptions {
  store: Store;
  registry: ModelRegistry;
  rows: BatchRows;
  readFile(payload: BatchPayload): Promise<Table>;
  find(app: string): AppDefinition;
  fieldsOf(app: AppDefinition): InputFields;
  invoke: Apps['invoke'];
}

export function createBatchJob(options: BatchJobOptions): JobHandler<BatchPayload> {
  const { store, registry, rows } = options;

  /** @throws what a model's name is refused for, of an app that needs one; an app of the user's may need none */
  async function rowsAtOnce(app: AppDefinition, model: string): Promise<number> {
    try {
      return (await registry.resolve(model)).info.place.kind === 'remote' ? REMOTE_ROWS : 1;
    } catch (error) {
      if (app.origin === undefined) throw error;
      return 1;
    }
  }

  async function run({ id, payload, signal, progress }: JobContext<BatchPayload>) {
    const app = options.find(payload.app);
    const fields = options.fieldsOf(app);
    const parallel = await rowsAtOnce(app, payload.model);
    await store.write([rows.insert(payload, id)]);
    const table = await options.readFile(payload);
    const done = await rows.done(payload.batchId);
    let failed = [...done.values()].filter((row) => row.failed).length;
    let finished = done.size;
    const before = finished;
    const startedAt = performance.now();
    const tell = () => {
      const seconds = (performance.now() - startedAt) / 1000;
      progress({
        done: finished,
        total: table.rows.length,
        unit: 'items',
        perSecond: finished > before && seconds > 0 ? (finished - before) / seconds : null,
        note: null,
      });
    };
    tell();

    const open = table.rows.keys().filter((row) => !done.has(row));
    // One row's failure that concerns all stops its neighbours too.
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    async function work(): Promise<void> {
      for (const row of open) {
        both.throwIfAborted();
        const input = rowInput(table.rows[row] ?? [], table.header, payload, fields);
        const result = await runRow(row, input);
        await store.write([rows.put(payload.batchId, result.row, result.traceId)]);
        finished++;
        if (result.row.error !== null) failed++;
        tell();
      }
    }
    async function runRow(row: number, input: unknown): Promise<{ row: BatchRow; traceId: string | null }> {
      try {
        const { output, receipt } = await options.invoke(payload.identity, payload.app, input, {
          model: payload.model,
          source: 'job',
          signal: both,
        });
        return { row: { row, output, error: null }, traceId: receipt.traceId };
      } catch (thrown) {
        both.throwIfAborted();
        const error: AtelierError = toAtelierError(thrown);
        if (stoppers.includes(error.code)) throw error;
        return { row: { row, output: null, error: error.toJSON() }, traceId: null };
      }
    }

    const workers = Array.from({ length: parallel }, () =>
      work().catch((error: unknown) => {
        stop.abort(error);
        throw error;
      }),
    );
    const outcomes = await Promise.allSettled(workers);
    signal.throwIfAborted();
    const [failure] = outcomes.filter((outcome) => outcome.status === 'rejected');
    if (failure) throw stop.signal.reason;
    return { batchId: payload.batchId, rows: table.rows.length, failed };
  }

  // A rate limit or a server that is away for a moment: tried again a little later, from the row where it was.
  return { kind: BATCH_KIND, canPause: true, attempts: 4, run };
}
