// The table of training runs. A run's status is its job's, which a person can also change in the tray of tasks.
import { type Compilable, type Expression, sql, type Updateable } from 'kysely';
import { AtelierError, type ErrorBody } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { TrainingEstimate, TrainingInput, TrainingRun } from '../../contracts/training.ts';
import { type CursorQuery, pageOf, readCursor } from '../../store/cursor-page.ts';
import type { Database } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { LoopState } from './train-loop.ts';

export const TRAINING_KIND = 'learning.training';

/** What the job carries: enough to write the run's own row, so that a kill between both loses nothing. */
export type TrainingPayload = {
  runId: string;
  identity: Identity;
  input: TrainingInput;
  estimate: TrainingEstimate;
  createdAt: number;
};

/** The column `state`. */
export type RunState = Pick<
  TrainingRun,
  'step' | 'steps' | 'last' | 'validationLoss' | 'bestStep' | 'trainedTokens'
>;

export const runState = (steps: number, state: LoopState | null): RunState => ({
  step: state?.step ?? 0,
  steps,
  last: state?.last ?? null,
  validationLoss: state?.validationLoss ?? null,
  bestStep: state?.best?.step ?? null,
  trainedTokens: state?.trainedTokens ?? 0,
});

/** The type of a row that says: somebody whose words the run has read was forgotten since. Its number is below 1. */
const FORGOTTEN = 'forgotten';

/** Of a row that nobody sees any more. */
const REMOVED = 'removed';

/** Of a run whose task is gone: tasks go when they have ended, and one that was cancelled while it waited told nobody. */
const withoutTask = (status: string) =>
  ['complete', 'failed', 'cancelled'].includes(status) ? status : 'cancelled';

export function createRunRows(store: Store) {
  const { db } = store;
  /** How many people were forgotten whose words a run has read. */
  const forgottenOf = (runId: Expression<string>) =>
    db
      .selectFrom('training_events')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('training_events.run_id', '=', runId)
      .where('training_events.type', '=', FORGOTTEN);
  const runsOf = ({ datasetId, version }: { datasetId: string; version: number }) =>
    db
      .selectFrom('training_runs')
      .where('input', 'like', `%"dataset":${JSON.stringify({ id: datasetId, version })}%`);
  const found = () =>
    db
      .selectFrom('training_runs')
      .leftJoin('jobs', 'jobs.id', 'training_runs.task_id')
      .selectAll('training_runs')
      .select([
        'jobs.status as task_status',
        'jobs.error as task_error',
        'jobs.run_at as task_run_at',
        'jobs.started_at as task_started_at',
        'jobs.ended_at as task_ended_at',
      ])
      .select((eb) => forgottenOf(eb.ref('training_runs.id')).as('forgotten'))
      .where('training_runs.status', '<>', REMOVED);
  type Row = Awaited<ReturnType<ReturnType<typeof found>['executeTakeFirstOrThrow']>>;

  async function waiting(): Promise<string[]> {
    const rows = await db
      .selectFrom('jobs')
      .select('id')
      .where('kind', '=', TRAINING_KIND)
      .where('status', '=', 'queued')
      .orderBy('run_at')
      .orderBy('id')
      .execute();
    return rows.map(({ id }) => id);
  }
  function toRun(row: Row, queue: readonly string[]): TrainingRun {
    const place = queue.indexOf(row.task_id);
    const error = row.task_status === null ? row.error : row.task_error;
    const status = (row.task_status ?? withoutTask(row.status)) as TrainingRun['status'];
    return {
      id: row.id,
      name: row.name,
      input: JSON.parse(row.input) as TrainingInput,
      userId: row.user_id,
      taskId: row.task_id,
      status,
      place: place < 0 ? null : place + 1,
      ...(JSON.parse(row.state) as RunState),
      estimate: JSON.parse(row.estimate) as TrainingEstimate,
      model: row.model,
      // Of a job that is tried again the queue still shows the last failure.
      error: error === null || status !== 'failed' ? null : (JSON.parse(error) as ErrorBody),
      ...(Number(row.forgotten ?? 0) > 0 && { forgottenPeople: Number(row.forgotten) }),
      createdAt: row.created_at,
      startedAt: row.task_started_at ?? row.started_at,
      endedAt: row.task_ended_at ?? row.ended_at,
    };
  }
  return {
    /** Nothing when it is there already. */
    insert: ({ runId, identity, input, estimate, createdAt }: TrainingPayload, taskId: string): Compilable =>
      db
        .insertInto('training_runs')
        .values({
          id: runId,
          user_id: identity.userId,
          name: input.name,
          input: JSON.stringify(input),
          task_id: taskId,
          status: 'queued',
          state: JSON.stringify(runState(estimate.steps, null)),
          estimate: JSON.stringify(estimate),
          model: null,
          error: null,
          created_at: createdAt,
          started_at: null,
          ended_at: null,
        })
        .onConflict((conflict) => conflict.column('id').doNothing()),
    update: (id: string, change: Updateable<Database['training_runs']>): Compilable =>
      db.updateTable('training_runs').set(change).where('id', '=', id),
    /** Samples of a version, of which somebody is to be forgotten: they ask what it asks. */
    forgetSamples: (version: { datasetId: string; version: number }): Compilable =>
      db
        .deleteFrom('training_events')
        .where('type', '=', 'sample')
        .where('run_id', 'in', runsOf(version).select('id')),
    /** A run cannot unlearn: that somebody was forgotten is marked on each that has read the version. */
    markForgotten: (version: { datasetId: string; version: number }, at: number): Compilable =>
      db
        .insertInto('training_events')
        .columns(['run_id', 'seq', 'step', 'at', 'type', 'event'])
        .expression(
          runsOf(version).select((eb) => [
            'training_runs.id',
            sql<number>`coalesce((${eb
              .selectFrom('training_events as e')
              .select(({ fn }) => fn.min('e.seq').as('seq'))
              .whereRef('e.run_id', '=', 'training_runs.id')
              .where('e.seq', '<', 1)}), 1) - 1`.as('seq'),
            sql<number>`0`.as('step'),
            sql<number>`cast(${at} as bigint)`.as('at'),
            sql<string>`cast(${FORGOTTEN} as text)`.as('type'),
            sql<string>`'{}'`.as('event'),
          ]),
        ),
    /** Runs, perhaps removed since, that have read words of somebody who was forgotten. */
    async forgotten(): Promise<string[]> {
      const rows = await db
        .selectFrom('training_events')
        .select('run_id')
        .distinct()
        .where('type', '=', FORGOTTEN)
        .execute();
      return rows.map((row) => row.run_id);
    },
    async find(id: string): Promise<TrainingRun | null> {
      const row = await found().where('training_runs.id', '=', id).executeTakeFirst();
      return row ? toRun(row, []) : null;
    },
    /** The row stays, unseen, while a tuned model came of it: it says what that one has learned from. */
    remove: (id: string): Compilable[] => {
      const isKept = db.selectFrom('tuned_models').select('run_id').where('run_id', '=', id);
      return [
        db.deleteFrom('training_events').where('run_id', '=', id).where('type', '<>', FORGOTTEN),
        db
          .deleteFrom('training_runs')
          .where('id', '=', id)
          .where(({ not, exists }) => not(exists(isKept))),
        db.updateTable('training_runs').set({ status: REMOVED }).where('id', '=', id),
      ];
    },
    /** @throws AtelierError not_found */
    async get(id: string): Promise<TrainingRun> {
      const row = await found().where('training_runs.id', '=', id).executeTakeFirst();
      if (row) return toRun(row, await waiting());
      throw new AtelierError('not_found', `There is no training run ${id}.`, { data: { id } });
    },
    /** @throws AtelierError invalid_request (a cursor of another list) */
    async list(query: CursorQuery): Promise<{ runs: TrainingRun[]; nextCursor: string | null }> {
      const { after, take } = readCursor(query);
      let select = found()
        .orderBy('training_runs.created_at', 'desc')
        .orderBy('training_runs.id', 'desc')
        .limit(take);
      if (after !== null)
        select = select.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('training_runs.created_at', 'training_runs.id'), '<', tuple(after.at, after.id)),
        );
      const page = pageOf(await select.execute(), take, ({ created_at, id }) => ({ at: created_at, id }));
      const queue = await waiting();
      return { runs: page.rows.map((row) => toRun(row, queue)), nextCursor: page.nextCursor };
    },
    /** What is learned from at this moment: bases as local/{name}. */
    async basesInUse(): Promise<string[]> {
      const rows = await found().where('jobs.status', '=', 'running').execute();
      return rows.map(({ input }) => (JSON.parse(input) as TrainingInput).base);
    },
    async tunedOf(runId: string): Promise<{ name: string } | null> {
      const row = await db
        .selectFrom('tuned_models')
        .select('name')
        .where('run_id', '=', runId)
        .executeTakeFirst();
      return row ?? null;
    },
    /** What came of a run, or of another one under the same name. */
    async tuned(name: string): Promise<{ runId: string } | null> {
      const row = await db
        .selectFrom('tuned_models')
        .select('run_id as runId')
        .where('name', '=', name)
        .executeTakeFirst();
      return row ?? null;
    },
  };
}
export type RunRows = ReturnType<typeof createRunRows>;
