// The tables of evaluations: the evaluation itself, and one row for each answer that is there. How its work stands is
// what the queue says of its task, so that the tray and this page never disagree.
import type { Compilable, Selectable } from 'kysely';
import { AtelierError, type ErrorBody } from '../../contracts/errors.ts';
import {
  type Comparison,
  type Evaluation,
  type EvaluationInput,
  type EvaluationResult,
  evaluationInputSchema,
  type SubjectSummary,
} from '../../contracts/evaluation.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Task } from '../../contracts/task.ts';
import { type CursorQuery, pageOf, readCursor } from '../../store/cursor-page.ts';
import type { Database } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { Scored } from './summarise.ts';

/** What the job carries: enough to write the evaluation's own row, so that a kill between both loses nothing. */
export type EvaluationPayload = {
  evaluationId: string;
  identity: Identity;
  input: EvaluationInput;
  datasetVersion: number;
  total: number;
  createdAt: number;
};

export interface Summary {
  subjects: SubjectSummary[];
  comparisons: Comparison[];
}

export type Only = 'better' | 'worse' | 'equal' | 'failed';
type ResultRow = Selectable<Database['evaluation_results']>;

const signs = { better: '>', worse: '<', equal: '=' } as const;

const read = <T>(text: string): T => JSON.parse(text) as T;

const missing = (id: string) =>
  new AtelierError('not_found', `There is no evaluation ${id}.`, { data: { id } });

function toResult(row: ResultRow): EvaluationResult {
  return {
    exampleId: row.example_id,
    subject: row.subject,
    question: row.question,
    expected: row.expected,
    output: row.output,
    score: row.score,
    detail: read(row.detail),
    error: row.error === null ? null : read(row.error),
    latencyMs: row.latency_ms,
    costNano: row.cost_nano,
    traceId: row.trace_id,
  };
}

export function createEvaluationRows({ db }: Pick<Store, 'db'>) {
  const evaluations = () =>
    db
      .selectFrom('evaluations')
      .leftJoin('jobs', 'jobs.id', 'evaluations.task_id')
      .selectAll('evaluations')
      .select(['jobs.status as job_status', 'jobs.error as job_error', 'jobs.ended_at as job_ended_at'])
      .select(({ selectFrom }) =>
        selectFrom('evaluation_results')
          .whereRef('evaluation_id', '=', 'evaluations.id')
          .select(({ fn }) => fn.countAll().as('count'))
          .as('results'),
      );

  function toEvaluation(
    row: Awaited<ReturnType<ReturnType<typeof evaluations>['execute']>>[number],
  ): Evaluation {
    // A task that has ended long ago is gone from the queue; what it came to stands here.
    const task =
      row.job_status === null
        ? row
        : { status: row.job_status, error: row.job_error, ended_at: row.job_ended_at };
    const { error } = task;
    const { subjects, comparisons } = read<Summary>(row.summary);
    return {
      id: row.id,
      input: evaluationInputSchema.parse(JSON.parse(row.input)),
      datasetVersion: row.dataset_version,
      userId: row.user_id,
      taskId: row.task_id,
      status: task.status as Evaluation['status'],
      done: Number(row.results ?? 0),
      total: row.total,
      subjects,
      comparisons,
      error: error === null ? null : read(error),
      createdAt: row.created_at,
      endedAt: task.ended_at,
    };
  }

  const resultsOf = (id: string) =>
    db.selectFrom('evaluation_results').selectAll().where('evaluation_id', '=', id);

  return {
    /** Nothing when it is there already. */
    insert: (payload: EvaluationPayload, taskId: string): Compilable =>
      db
        .insertInto('evaluations')
        .values({
          id: payload.evaluationId,
          user_id: payload.identity.userId,
          name: payload.input.name,
          input: JSON.stringify(payload.input),
          dataset_version: payload.datasetVersion,
          task_id: taskId,
          status: 'queued',
          done: 0,
          total: payload.total,
          summary: JSON.stringify({ subjects: [], comparisons: [] } satisfies Summary),
          error: null,
          created_at: payload.createdAt,
          ended_at: null,
        })
        .onConflict((conflict) => conflict.column('id').doNothing()),

    summary: (id: string, summary: Summary, done: number): Compilable =>
      db
        .updateTable('evaluations')
        .set({ summary: JSON.stringify(summary), done })
        .where('id', '=', id),

    /** How its task ended. */
    ended: ({ id, status, error, endedAt }: Task): Compilable =>
      db
        .updateTable('evaluations')
        .set({ status, error: error === null ? null : JSON.stringify(error), ended_at: endedAt })
        .where('task_id', '=', id),

    /** The words of a version, of which somebody is to be forgotten; the figures stay. */
    forgetWords: ({ datasetId, version }: { datasetId: string; version: number }): Compilable =>
      db
        .updateTable('evaluation_results')
        .set({ question: '', expected: '', output: null, detail: '{}' })
        .where('evaluation_id', 'in', ({ selectFrom }) =>
          selectFrom('evaluations')
            .select('id')
            .where('dataset_version', '=', version)
            .where('input', 'like', `%"dataset":{"id":${JSON.stringify(datasetId)}%`),
        ),

    /** Those under way whose version is there no more, as when somebody in it was forgotten. */
    async withoutVersion(): Promise<Evaluation[]> {
      const rows = await evaluations().where('jobs.status', 'in', ['queued', 'running', 'paused']).execute();
      const versions = await db.selectFrom('dataset_versions').select(['dataset_id', 'version']).execute();
      const there = new Set(versions.map(({ dataset_id, version }) => `${dataset_id} ${version}`));
      return rows
        .map(toEvaluation)
        .filter(({ input, datasetVersion }) => !there.has(`${input.dataset.id} ${datasetVersion}`));
    },

    remove: (id: string): Compilable[] => [
      db.deleteFrom('evaluation_results').where('evaluation_id', '=', id),
      db.deleteFrom('evaluations').where('id', '=', id),
    ],

    put: (id: string, place: number, result: EvaluationResult): Compilable =>
      db
        .insertInto('evaluation_results')
        .values({
          evaluation_id: id,
          example_id: result.exampleId,
          subject: result.subject,
          place,
          question: result.question,
          expected: result.expected,
          output: result.output,
          score: result.score,
          detail: JSON.stringify(result.detail),
          error: result.error === null ? null : JSON.stringify(result.error),
          latency_ms: result.latencyMs,
          cost_nano: result.costNano,
          trace_id: result.traceId,
        })
        .onConflict((conflict) => conflict.columns(['evaluation_id', 'example_id', 'subject']).doNothing()),

    /** @throws AtelierError invalid_request (a cursor of another list) */
    async list(query: CursorQuery): Promise<{ evaluations: Evaluation[]; nextCursor: string | null }> {
      const { after, take } = readCursor(query);
      let select = evaluations()
        .orderBy('evaluations.created_at', 'desc')
        .orderBy('evaluations.id', 'desc')
        .limit(take);
      if (after !== null)
        select = select.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('evaluations.created_at', 'evaluations.id'), '<', tuple(after.at, after.id)),
        );
      const page = pageOf(await select.execute(), take, ({ created_at, id }) => ({ at: created_at, id }));
      return { evaluations: page.rows.map(toEvaluation), nextCursor: page.nextCursor };
    },

    /** @throws AtelierError not_found */
    async get(id: string): Promise<Evaluation> {
      const row = await evaluations().where('evaluations.id', '=', id).executeTakeFirst();
      if (row === undefined) throw missing(id);
      return toEvaluation(row);
    },

    async find(id: string): Promise<Evaluation | null> {
      const row = await evaluations().where('evaluations.id', '=', id).executeTakeFirst();
      return row === undefined ? null : toEvaluation(row);
    },

    async scored(id: string): Promise<Scored[]> {
      const rows = await resultsOf(id).orderBy('place').orderBy('subject').execute();
      return rows.map((row) => ({
        exampleId: row.example_id,
        subject: row.subject,
        expected: row.expected,
        score: row.score,
        failed: row.error !== null,
        latencyMs: row.latency_ms,
        costNano: row.cost_nano,
        detail: read(row.detail),
      }));
    },

    /** `after`: place and subject of the last one of the page before. */
    async page(
      id: string,
      {
        subject,
        only,
        after,
        limit,
      }: { subject?: number; only?: Only; after: [number, number] | null; limit: number },
    ): Promise<{ result: EvaluationResult; place: number }[]> {
      let query = db
        .selectFrom('evaluation_results as r')
        .leftJoin('evaluation_results as first', (join) =>
          join
            .onRef('first.evaluation_id', '=', 'r.evaluation_id')
            .onRef('first.example_id', '=', 'r.example_id')
            .on('first.subject', '=', 0),
        )
        .selectAll('r')
        .select([
          'first.output as first_output',
          'first.score as first_score',
          'first.detail as first_detail',
          'first.error as first_error',
          'first.trace_id as first_trace_id',
        ])
        .where('r.evaluation_id', '=', id)
        .orderBy('r.place')
        .orderBy('r.subject')
        .limit(limit);
      if (subject !== undefined) query = query.where('r.subject', '=', subject);
      if (after !== null) {
        const [place, last] = after;
        query = query.where(({ eb, or, and }) =>
          or([eb('r.place', '>', place), and([eb('r.place', '=', place), eb('r.subject', '>', last)])]),
        );
      }
      if (only === 'failed') query = query.where('r.error', 'is not', null);
      else if (only !== undefined)
        query = query.where('r.subject', '>', 0).whereRef('r.score', signs[only], 'first.score');
      return (await query.execute()).map((row) => ({
        place: row.place,
        result: {
          ...toResult(row),
          ...(row.subject === 0 || row.first_score === null || row.first_detail === null
            ? {}
            : {
                first: {
                  output: row.first_output,
                  score: row.first_score,
                  detail: read<Record<string, unknown>>(row.first_detail),
                  error: row.first_error === null ? null : read<ErrorBody>(row.first_error),
                  traceId: row.first_trace_id,
                },
              }),
        },
      }));
    },

    /** Ids of promotions that stand on it and are in force. */
    async activePromotions(id: string): Promise<string[]> {
      const rows = await db
        .selectFrom('promotions')
        .select('id')
        .where('evaluation_id', '=', id)
        .where('state', '=', 'active')
        .execute();
      return rows.map((row) => row.id);
    },
  };
}
export type EvaluationRows = ReturnType<typeof createEvaluationRows>;
