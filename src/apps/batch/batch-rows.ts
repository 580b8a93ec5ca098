// The tables of batches: the batch itself, and one row for each row of the file that is done.
import type { Compilable } from 'kysely';
import type { AppBatch } from '../../contracts/app.ts';
import { AtelierError, type ErrorBody } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Store } from '../../store/store.ts';

/** What the job carries: enough to write the batch's own row, so that a kill between both loses nothing. */
export type BatchPayload = {
  batchId: string;
  identity: Identity;
  app: string;
  model: string;
  fileName: string;
  sha256: string;
  columns: AppBatch['columns'];
  fixed: AppBatch['fixed'];
  rows: number;
  createdAt: number;
};

export interface BatchRow {
  row: number;
  output: unknown;
  error: ErrorBody | null;
}

export function createBatchRows(store: Store) {
  const { db } = store;

  async function batchesWhere(
    userId: string,
    by: { id: string } | { app: string },
  ): Promise<(AppBatch & { sha256: string })[]> {
    let query = db.selectFrom('app_batches').selectAll().where('user_id', '=', userId);
    query = 'id' in by ? query.where('id', '=', by.id) : query.where('app', '=', by.app);
    const found = await query.orderBy('created_at', 'desc').limit(200).execute();
    if (found.length === 0) return [];
    const counts = await db
      .selectFrom('app_batch_rows')
      .select(({ fn }) => ['batch_id', fn.countAll().as('done'), fn.count('error').as('failed')])
      .where(
        'batch_id',
        'in',
        found.map(({ id }) => id),
      )
      .groupBy('batch_id')
      .execute();
    const byId = new Map(counts.map((count) => [count.batch_id, count]));
    return found.map((row) => ({
      id: row.id,
      app: row.app,
      taskId: row.task_id,
      model: row.model,
      fileName: row.file_name,
      columns: JSON.parse(row.columns) as AppBatch['columns'],
      fixed: JSON.parse(row.fixed) as AppBatch['fixed'],
      rows: row.rows,
      done: Number(byId.get(row.id)?.done ?? 0),
      failed: Number(byId.get(row.id)?.failed ?? 0),
      createdAt: row.created_at,
      sha256: row.sha256,
    }));
  }

  return {
    /** Nothing when it is there already. */
    insert: (payload: BatchPayload, taskId: string): Compilable =>
      db
        .insertInto('app_batches')
        .values({
          id: payload.batchId,
          user_id: payload.identity.userId,
          app: payload.app,
          task_id: taskId,
          model: payload.model,
          file_name: payload.fileName,
          sha256: payload.sha256,
          columns: JSON.stringify(payload.columns),
          fixed: JSON.stringify(payload.fixed),
          rows: payload.rows,
          created_at: payload.createdAt,
        })
        .onConflict((conflict) => conflict.column('id').doNothing()),

    list: (userId: string, app: string) => batchesWhere(userId, { app }),

    /** @throws AtelierError not_found, also for another person's */
    async get(userId: string, id: string): Promise<AppBatch & { sha256: string }> {
      const [found] = await batchesWhere(userId, { id });
      if (found) return found;
      throw new AtelierError('not_found', `There is no batch ${id}.`, { data: { id } });
    },

    async done(batchId: string): Promise<Map<number, { failed: boolean }>> {
      const rows = await db
        .selectFrom('app_batch_rows')
        .select(['row', 'error'])
        .where('batch_id', '=', batchId)
        .execute();
      return new Map(rows.map(({ row, error }) => [row, { failed: error !== null }]));
    },

    put: (batchId: string, { row, output, error }: BatchRow, traceId: string | null): Compilable =>
      db
        .insertInto('app_batch_rows')
        .values({
          batch_id: batchId,
          row,
          output: error === null ? JSON.stringify(output ?? null) : null,
          error: error === null ? null : JSON.stringify(error),
          trace_id: traceId,
        })
        .onConflict((conflict) => conflict.columns(['batch_id', 'row']).doNothing()),

    /** Rows `from` to `to` (excluded) that are done. */
    async page(batchId: string, from: number, to: number): Promise<Map<number, BatchRow>> {
      const rows = await db
        .selectFrom('app_batch_rows')
        .select(['row', 'output', 'error'])
        .where('batch_id', '=', batchId)
        .where('row', '>=', from)
        .where('row', '<', to)
        .execute();
      return new Map(
        rows.map(({ row, output, error }) => [
          row,
          {
            row,
            output: output === null ? null : (JSON.parse(output) as unknown),
            error: error === null ? null : (JSON.parse(error) as ErrorBody),
          },
        ]),
      );
    },
  };
}
export type BatchRows = ReturnType<typeof createBatchRows>;
