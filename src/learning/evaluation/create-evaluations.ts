// Evaluations as a person orders, watches and reads them.
import { csvLine, valueCell } from '../../apps/batch/csv-cells.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { type Evaluation, evaluationInputSchema } from '../../contracts/evaluation.ts';
import type { Identity } from '../../contracts/identity.ts';
import { cancelOpen } from '../../jobs/cancel-open.ts';
import type { Jobs } from '../../jobs/queue.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { Store } from '../../store/store.ts';
import type { Datasets } from '../datasets/datasets.ts';
import type { AskParts } from './ask.ts';
import { kindsOf, pinned, questionsOf } from './check-evaluation.ts';
import { createEvaluationJob, EVALUATION_KIND, type EvaluationJobOptions } from './evaluation-job.ts';
import { createEvaluationRows, type EvaluationPayload } from './evaluation-rows.ts';
import type { Evaluations } from './evaluations.ts';

export interface CreateEvaluationsOptions extends AskParts {
  store: Store;
  jobs: Jobs;
  log: Log;
  registry: ModelRegistry;
  datasets: Pick<Datasets, 'read'>;
}

const ROWS_A_PAGE = 500;

/** Results hold the words of a dataset: whoever may build with it may read them. */
function mayWork({ role }: Identity): void {
  if (role === 'admin' || role === 'builder') return;
  throw new AtelierError(
    'forbidden',
    `The role ${role} has no access to evaluations. Ask an admin or a builder.`,
    { data: { role, needs: ['admin', 'builder'] } },
  );
}

function cursorOf(cursor: string | undefined): [number, number] | null {
  if (cursor === undefined || cursor === '') return null;
  const match = /^(\d{1,9})\.(\d{1,3})$/.exec(cursor);
  if (match) return [Number(match[1]), Number(match[2])];
  throw new AtelierError('invalid_request', `The cursor ${JSON.stringify(cursor)} is none of this list.`, {
    data: { param: 'cursor' },
  });
}

/** Registers its job: call it before the jobs start. */
export function createEvaluations(options: CreateEvaluationsOptions): Evaluations {
  const { store, jobs, log, registry, datasets, prompts } = options;
  const rows = createEvaluationRows(store);

  const frozen = (
    who: Identity,
    { input, datasetVersion }: Parameters<EvaluationJobOptions['questions']>[1],
  ) => datasets.read(who, { id: input.dataset.id, version: datasetVersion }, kindsOf[input.judge.type]);

  jobs.register(
    createEvaluationJob({
      ...options,
      rows,
      questions: async (who, order) => questionsOf(await frozen(who, order), order.input),
    }),
  );

  jobs.onChange((task) => {
    if (task.kind !== EVALUATION_KIND || task.endedAt === null) return;
    store.write([rows.ended(task)]).catch((error: unknown) => {
      log.warn('the end of an evaluation could not be stored', { task: task.id, message: String(error) });
    });
  });

  async function found(who: Identity, id: string): Promise<Evaluation> {
    mayWork(who);
    return rows.get(id);
  }
  /** Everybody sees it; whose it is stops it, and an admin. */
  async function own(who: Identity, id: string): Promise<Evaluation> {
    const evaluation = await found(who, id);
    if (who.role === 'admin' || evaluation.userId === who.userId) return evaluation;
    throw new AtelierError('forbidden', `The evaluation ${id} is another person’s. Ask them, or an admin.`, {
      data: { id },
    });
  }
  const act = (action: 'pause' | 'resume' | 'cancel') => async (who: Identity, id: string) => {
    const { taskId } = await own(who, id);
    await jobs[action](taskId);
    return rows.get(id);
  };

  const results: Evaluations['results'] = async (who, id, { cursor, limit, ...filter }) => {
    await found(who, id);
    const all = await rows.page(id, { ...filter, after: cursorOf(cursor), limit: limit + 1 });
    const page = all.slice(0, limit);
    const last = page.at(-1);
    return {
      results: page.map(({ result }) => result),
      nextCursor: all.length > limit && last !== undefined ? `${last.place}.${last.result.subject}` : null,
    };
  };

  return {
    async start(who, given) {
      mayWork(who);
      const parsed = evaluationInputSchema.parse(given);
      const data = await datasets.read(who, parsed.dataset, kindsOf[parsed.judge.type]);
      const input = await pinned({ registry, prompts }, who, parsed);
      const { questions } = questionsOf(data, input);
      const payload: EvaluationPayload = {
        evaluationId: newId('evaluation'),
        identity: who,
        input,
        datasetVersion: data.version.version,
        total: questions.length * input.subjects.length,
        createdAt: Date.now(),
      };
      const task = await jobs.enqueue(EVALUATION_KIND, payload, { title: input.name });
      await store.write([rows.insert(payload, task.id)]);
      return rows.get(payload.evaluationId);
    },
    async list(who, query = {}) {
      mayWork(who);
      return rows.list(query);
    },
    get: found,
    results,
    pause: act('pause'),
    resume: act('resume'),
    cancel: act('cancel'),
    async remove(who, id) {
      const { taskId, status } = await own(who, id);
      const promotions = await rows.activePromotions(id);
      if (promotions.length > 0)
        throw new AtelierError(
          'conflict',
          `A promotion that is in force stands on the evaluation ${id}. Roll it back first.`,
          { data: { id, promotions } },
        );
      if (['queued', 'running', 'paused', 'failed'].includes(status))
        await jobs.cancel(taskId).catch(() => undefined);
      await store.write(rows.remove(id));
    },
    async forgetWords() {
      for (const { taskId, input, datasetVersion } of await rows.withoutVersion()) {
        await cancelOpen(jobs, taskId);
        // What was answered between the first blanking and this.
        await store.write([rows.forgetWords({ datasetId: input.dataset.id, version: datasetVersion })]);
      }
    },
    async *export(who, id, format) {
      const { input } = await found(who, id);
      const columns = [
        'example',
        'model',
        'prompt',
        'question',
        'expected',
        'output',
        'score',
        'error',
        'latencyMs',
        'costNano',
        'traceId',
        'detail',
      ];
      if (format === 'csv') yield `\ufeff${csvLine(columns, ',')}`;
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: Awaited<ReturnType<typeof results>> = await results(who, id, {
          limit: ROWS_A_PAGE,
          ...(cursor === '' ? {} : { cursor }),
        });
        for (const { subject, exampleId, error, ...rest } of page.results) {
          const asked = input.subjects[subject];
          const prompt = asked?.prompt ? `${asked.prompt.name}@${asked.prompt.version}` : null;
          const row: Record<string, unknown> = {
            example: exampleId,
            model: asked?.model ?? null,
            prompt,
            ...rest,
            error,
          };
          if (format === 'jsonl')
            yield `${JSON.stringify({ ...row, parameters: asked?.parameters ?? {} })}\n`;
          else {
            const told = {
              ...row,
              error: error === null ? null : `${error.code}: ${error.message}`,
            } as Record<string, unknown>;
            yield csvLine(
              columns.map((column) => valueCell(told[column])),
              ',',
            );
          }
        }
        cursor = page.nextCursor;
      }
    },
  };
}
