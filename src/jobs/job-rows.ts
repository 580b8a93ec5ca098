// The rows of the queue: what a job is in the store, and every change of one as a single statement.
// A change names the state that it expects, so that two nodes, or a person and a handler, cannot both win; it returns
// the row that it made, so that what is told of a job comes in the order of its changes.
import type { Kysely, Selectable } from 'kysely';
import type { ErrorBody } from '../contracts/errors.ts';
import type { Task, TaskProgress } from '../contracts/task.ts';
import type { Database } from '../store/schema.ts';

export type JobRow = Selectable<Database['jobs']>;

export const openStatuses = ['queued', 'running', 'paused'] as const;
export const isOpen = ({ status }: Pick<Task, 'status'>) =>
  (openStatuses as readonly string[]).includes(status);

export function toTask(row: JobRow): Task {
  const read = <T>(text: string | null) => (text === null ? null : (JSON.parse(text) as T));
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    payload: JSON.parse(row.payload) as Record<string, unknown>,
    status: row.status as Task['status'],
    progress: read<TaskProgress>(row.progress),
    result: read<Record<string, unknown>>(row.result),
    error: read<ErrorBody>(row.error),
    canPause: row.can_pause === 1,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

export interface JobRows {
  get(id: string): Promise<JobRow | undefined>;
  list(options: { open: boolean; limit: number }): Promise<JobRow[]>;
  /** Nothing when a job with the same key is open. */
  insert(
    job: Pick<JobRow, 'id' | 'kind' | 'title' | 'payload' | 'can_pause' | 'run_at' | 'unique_key'>,
  ): Promise<JobRow | undefined>;
  openWithKey(uniqueKey: string): Promise<JobRow | undefined>;
  /** Takes the job that has waited longest, or nothing. */
  claim(options: {
    kind: string;
    notIds: string[];
    notKeys: string[];
    until: number;
  }): Promise<JobRow | undefined>;
  /** False when the claim is lost or the job was paused or cancelled meanwhile. */
  renew(id: string, until: number): Promise<boolean>;
  /** Changes a job that this process holds; `from` are the states in which the change makes sense. */
  settle(id: string, from: readonly Task['status'][], change: Partial<JobRow>): Promise<JobRow | undefined>;
  /** Changes a job whoever holds it. */
  change(id: string, from: readonly Task['status'][], change: Partial<JobRow>): Promise<JobRow | undefined>;
  /** Puts back what these claims left, and returns the holders that are still named. */
  takeBack(options: { holders: string[] | 'all' | 'expired' }): Promise<void>;
  holders(): Promise<string[]>;
  nextDue(kinds: string[]): Promise<number | null>;
}

export function createJobRows(db: Kysely<Database>, owner: string, now: () => number): JobRows {
  const jobs = () => db.selectFrom('jobs').selectAll();
  const unclaimed = { claimed_by: null, claimed_until: null };
  return {
    get: (id) => jobs().where('id', '=', id).executeTakeFirst(),
    list: ({ open, limit }) =>
      jobs()
        .$if(open, (query) => query.where('status', 'in', openStatuses))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    insert: (job) =>
      db
        .insertInto('jobs')
        .values({
          ...job,
          ...unclaimed,
          status: 'queued',
          progress: null,
          result: null,
          error: null,
          checkpoint: null,
          attempts: 0,
          created_at: now(),
          started_at: null,
          ended_at: null,
        })
        .onConflict((on) => on.doNothing())
        .returningAll()
        .executeTakeFirst(),
    openWithKey: (uniqueKey) =>
      jobs().where('unique_key', '=', uniqueKey).where('status', 'in', openStatuses).executeTakeFirst(),
    claim: ({ kind, notIds, notKeys, until }) =>
      db
        .updateTable('jobs')
        .set((row) => ({
          status: 'running',
          claimed_by: owner,
          claimed_until: until,
          started_at: row.fn.coalesce('started_at', row.val(now())),
        }))
        .where('status', '=', 'queued')
        .where('id', '=', ({ selectFrom }) =>
          selectFrom('jobs')
            .select('id')
            .where('status', '=', 'queued')
            .where('kind', '=', kind)
            .where('run_at', '<=', now())
            // A job that was paused and resumed may still be held by a run that has not let go of it.
            .where((where) => where.or([where('claimed_by', 'is', null), where('claimed_until', '<', now())]))
            .$if(notIds.length > 0, (query) => query.where('id', 'not in', notIds))
            .$if(notKeys.length > 0, (query) =>
              query.where((where) =>
                where.or([where('unique_key', 'is', null), where('unique_key', 'not in', notKeys)]),
              ),
            )
            .orderBy('run_at')
            .orderBy('id')
            .limit(1),
        )
        .returningAll()
        .executeTakeFirst(),
    async renew(id, until) {
      const { numUpdatedRows } = await db
        .updateTable('jobs')
        .set({ claimed_until: until })
        .where('id', '=', id)
        .where('claimed_by', '=', owner)
        .where('status', '=', 'running')
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
    settle: (id, from, change) =>
      db
        .updateTable('jobs')
        .set(change)
        .where('id', '=', id)
        .where('claimed_by', '=', owner)
        .where('status', 'in', from)
        .returningAll()
        .executeTakeFirst(),
    change: (id, from, change) =>
      db
        .updateTable('jobs')
        .set(change)
        .where('id', '=', id)
        .where('status', 'in', from)
        .returningAll()
        .executeTakeFirst(),
    async takeBack({ holders }) {
      if (holders.length === 0) return;
      await db
        .updateTable('jobs')
        .set((row) => ({
          ...unclaimed,
          status: row.case().when('status', '=', 'running').then('queued').else(row.ref('status')).end(),
        }))
        .where('claimed_by', 'is not', null)
        .where('claimed_by', '!=', owner)
        .$if(holders === 'expired', (query) => query.where('claimed_until', '<', now()))
        .$if(Array.isArray(holders), (query) => query.where('claimed_by', 'in', holders as string[]))
        .execute();
    },
    async holders() {
      const rows = await db
        .selectFrom('jobs')
        .select('claimed_by')
        .distinct()
        .where('claimed_by', 'is not', null)
        .execute();
      return rows.map(({ claimed_by }) => claimed_by ?? '');
    },
    async nextDue(kinds) {
      if (kinds.length === 0) return null;
      const row = await db
        .selectFrom('jobs')
        .select(({ fn }) => fn.min('run_at').as('at'))
        .where('status', '=', 'queued')
        .where('kind', 'in', kinds)
        .executeTakeFirst();
      return row?.at ?? null;
    },
  };
}
