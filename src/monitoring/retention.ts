// The job that keeps the data folder from growing for ever: the oldest traces go by age and by size, in bounded
// batches, so that nobody waits for it; then whatever else was registered (deleted conversations, old run logs).
import type { Settings } from '../contracts/system.ts';
import type { JobContext, JobHandler } from '../jobs/queue.ts';
import type { Store } from '../store/store.ts';
import { TRACE_TEXT, textId } from './span-write.ts';

export const RETENTION_KIND = 'monitoring.retention';
const DAY_MS = 86_400_000;
const TRACES_A_BATCH = 100;
/** How long the tray's history keeps finished jobs. */
const JOBS_KEPT_MS = 30 * DAY_MS;

export interface RetentionOptions {
  store: Store;
  settings: () => RetentionSettings | Promise<RetentionSettings>;
  /** Other parts' own clearing, by the name under which the result counts what it removed. */
  also?: Record<string, (now: number, signal: AbortSignal) => Promise<number>>;
  now?: () => number;
}
type RetentionSettings = Pick<Settings, 'retentionDays' | 'retentionMegabytes'>;

export function createRetentionJob(options: RetentionOptions): JobHandler<Record<string, unknown>> {
  const { store, settings, also = {}, now = Date.now } = options;
  return {
    kind: RETENTION_KIND,
    canPause: false,
    async run({ signal, progress }: JobContext<Record<string, unknown>>) {
      const { retentionDays, retentionMegabytes } = await settings();
      const removed: Record<string, number> = { traces: 0 };
      const count = (traces: number) => {
        removed.traces = (removed.traces ?? 0) + traces;
        progress({ done: removed.traces, total: null, unit: 'items', perSecond: null, note: 'removing' });
      };
      if (retentionDays !== null) await removeByAge(store, now() - retentionDays * DAY_MS, signal, count);
      if (retentionMegabytes !== null)
        await removeBySize(store, retentionMegabytes * 1024 * 1024, signal, count);
      signal.throwIfAborted();
      removed.jobs = await removeJobs(store, now() - JOBS_KEPT_MS);
      for (const [name, clear] of Object.entries(also)) {
        signal.throwIfAborted();
        removed[name] = await clear(now(), signal);
      }
      return removed;
    },
  };
}

async function removeByAge(
  store: Store,
  before: number,
  signal: AbortSignal,
  count: (traces: number) => void,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const rows = await oldest(store)
      .where('start_us', '<', before * 1000)
      .execute();
    if (rows.length === 0) return;
    await removeTraces(
      store,
      rows.map((row) => row.trace_id),
    );
    count(rows.length);
  }
}

async function removeBySize(
  store: Store,
  limit: number,
  signal: AbortSignal,
  count: (traces: number) => void,
): Promise<void> {
  const sum = await store.db
    .selectFrom('traces')
    .select((eb) => eb.fn.sum<number | null>('content_bytes').as('bytes'))
    .executeTakeFirst();
  let over = Number(sum?.bytes ?? 0) - limit;
  while (over > 0) {
    signal.throwIfAborted();
    const ids: string[] = [];
    for (const row of await oldest(store).execute()) {
      if (over <= 0) break;
      ids.push(row.trace_id);
      over -= row.content_bytes;
    }
    if (ids.length === 0) return;
    await removeTraces(store, ids);
    count(ids.length);
  }
}

/** What is under way is not touched. */
const oldest = ({ db }: Store) =>
  db
    .selectFrom('traces')
    .select(['trace_id', 'content_bytes'])
    .where('status', '<>', 'running')
    .orderBy('start_us')
    .orderBy('trace_id')
    .limit(TRACES_A_BATCH);

/** Removes traces with all that hangs on them. Hourly figures stay: they hold no content and are small. */
async function removeTraces(store: Store, traceIds: readonly string[]): Promise<void> {
  const { db, text } = store;
  const contents = await db
    .selectFrom('span_contents')
    .select(['trace_id', 'span_id'])
    .where('trace_id', 'in', traceIds)
    .execute();
  await store.write([
    ...contents.flatMap(({ trace_id, span_id }) => [
      ...text.remove(TRACE_TEXT, textId(trace_id, span_id, 'in')),
      ...text.remove(TRACE_TEXT, textId(trace_id, span_id, 'out')),
    ]),
    db.deleteFrom('scores').where('trace_id', 'in', traceIds),
    db.deleteFrom('span_contents').where('trace_id', 'in', traceIds),
    db.deleteFrom('spans').where('trace_id', 'in', traceIds),
    db.deleteFrom('traces').where('trace_id', 'in', traceIds),
  ]);
}

async function removeJobs({ db }: Store, before: number): Promise<number> {
  const result = await db
    .deleteFrom('jobs')
    .where('status', 'in', ['complete', 'failed', 'cancelled'])
    .where('ended_at', '<', before)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
