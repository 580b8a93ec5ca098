// OpenAI's fine-tuning wire over our trainings: a job is a run whose dataset was made from uploaded files.
import { createRoute, z } from '@hono/zod-openapi';
import type { Audit } from '../../../access/audit.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Identity } from '../../../contracts/identity.ts';
import { hyperparametersSchema, type TrainingInput, type TrainingRun } from '../../../contracts/training.ts';
import type { Datasets } from '../../../learning/datasets/datasets.ts';
import type { Trainings } from '../../../learning/training/trainings.ts';
import type { Files } from '../../../retrieval/files.ts';
import { recordTraining } from '../../learning-audit.ts';
import { createRouter, idParam, jsonBody, jsonContent } from '../../route-parts.ts';
import { createDatasetOfFiles } from './fine-tuning/dataset-of-files.ts';
import { type JobInput, jobInputSchema, type Kept, methodOf, trainingInputOf } from './fine-tuning/order.ts';
import {
  checkpointsToWire,
  eventsToWire,
  jobToWire,
  keptOf,
  resultsCsv,
  runIdOf,
} from './fine-tuning/wire.ts';
import { anyObject, listOf } from './lists.ts';

export interface FineTuningServices {
  files: Files;
  learning: { trainings: Trainings; datasets: Datasets };
  access: { audit: Audit };
}

const tags = ['openai'];
const path = '/v1/fine_tuning/jobs';
const pageQuery = z.object({
  after: z.string().max(512).optional().describe('The last id of the page before'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
/** As far as an order may go (hyperparametersSchema). */
const LONGEST_ROW = 8192;
const RESULTS = 'fine-tune-results';

function page<T extends { id: string }>(
  all: readonly T[],
  { after, limit }: { after?: string | undefined; limit: number },
) {
  const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && from === 0)
    throw new AtelierError('not_found', `There is nothing under ${after} in this list.`, {
      data: { param: 'after' },
    });
  return listOf(all.slice(from, from + limit), all.length > from + limit);
}

export function fineTuningRoutes({ files, learning, access: { audit } }: FineTuningServices) {
  const { trainings, datasets } = learning;
  const datasetOfFiles = createDatasetOfFiles({ files, datasets });
  const writing = new Map<string, Promise<string>>();

  /** The table of steps, made when somebody first looks at the job after its end. */
  async function resultFile(who: Identity, run: TrainingRun): Promise<string> {
    const name = `${run.id}-step_metrics.csv`;
    const { files: made } = await files.list(who, { purpose: RESULTS, limit: 10_000, order: 'desc' });
    const found = made.find((file) => file.name === name);
    if (found) return found.id;
    const bytes = Buffer.from(resultsCsv(await trainings.events(who, run.id)));
    return (await files.create(who, { name, bytes, purpose: RESULTS })).id;
  }

  async function resultFiles(who: Identity, run: TrainingRun): Promise<string[]> {
    // A file belongs to whoever sees it on that wire: that is whose job it is.
    if (run.status !== 'complete' || run.userId !== who.userId) return [];
    const writingNow = writing.get(run.id) ?? resultFile(who, run);
    writing.set(run.id, writingNow);
    try {
      return [await writingNow];
    } finally {
      writing.delete(run.id);
    }
  }

  async function found(who: Identity, jobId: string): Promise<{ run: TrainingRun; kept: Kept }> {
    const run = await trainings.get(who, runIdOf(jobId));
    const kept = keptOf(run);
    if (kept === null)
      throw new AtelierError(
        'not_found',
        `${jobId} was not ordered on this wire; it is at /atelier/v1/training/${run.id}.`,
        { data: { id: jobId } },
      );
    return { run, kept };
  }

  /** Jobs are told from other runs by what was kept of their order, so all are read. */
  async function everyRun(who: Identity): Promise<TrainingRun[]> {
    const all: TrainingRun[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof trainings.list>> = await trainings.list(who, {
        cursor,
        limit: 200,
      });
      all.push(...page.runs);
      cursor = page.nextCursor;
    }
    return all;
  }

  const toWire = async (who: Identity, run: TrainingRun, kept: Kept) =>
    jobToWire(run, kept, await resultFiles(who, run));

  /** The order with rows long enough for its longest example, which the estimate names. */
  async function fitted(
    who: Identity,
    input: JobInput,
    kept: Kept,
    dataset: TrainingInput['dataset'],
  ): Promise<TrainingInput> {
    const first = trainingInputOf(input, kept, dataset, hyperparametersSchema.parse({}).sequenceLength);
    const { concerns } = await trainings.estimate(who, first);
    const longest = Number(concerns.find(({ code }) => code === 'too_long')?.data.longest ?? 0);
    // What no row can hold the start refuses, with the reason.
    if (longest === 0 || longest > LONGEST_ROW) return first;
    return { ...trainingInputOf(input, kept, dataset, 2 ** Math.ceil(Math.log2(longest))), name: first.name };
  }

  const job = jsonContent(anyObject, 'The job');
  const list = jsonContent(anyObject, 'The list');
  const router = createRouter()
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Fine-tune a model of this machine',
        description:
          '`training_file` and `validation_file` are uploads of the purpose fine-tune. `batch_size` counts packed rows; `learning_rate_multiplier` is of 2e-4, of 5e-5 for dpo.',
        request: { body: jsonBody(jobInputSchema) },
        responses: { 200: job },
      }),
      async (c) => {
        const who = c.get('identity');
        const input = c.req.valid('json');
        const { type, hyperparameters } = methodOf(input);
        const of = {
          trainingFile: input.training_file,
          validationFile: input.validation_file ?? null,
          method: type,
        };
        const { dataset, repeated } = await datasetOfFiles(who, of);
        const kept: Kept = {
          ...of,
          model: input.model,
          hyperparameters,
          metadata: input.metadata ?? null,
          repeated,
        };
        const run = await trainings.start(who, await fitted(who, input, kept, dataset));
        await recordTraining(audit, who, 'start', run);
        return c.json(await toWire(who, run, kept), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Fine-tuning jobs',
        request: { query: pageQuery },
        responses: { 200: list },
      }),
      async (c) => {
        const who = c.get('identity');
        const metadata = Object.entries(c.req.query()).flatMap(([key, value]) => {
          const name = /^metadata\[(.+)\]$/.exec(key)?.[1];
          return name === undefined ? [] : [[name, value] as const];
        });
        const runs = (await everyRun(who))
          .flatMap((run) => {
            const kept = keptOf(run);
            return kept === null ? [] : [{ run, kept }];
          })
          .filter(({ kept }) => metadata.every(([name, value]) => kept.metadata?.[name] === value))
          .sort((a, b) => b.run.createdAt - a.run.createdAt || (a.run.id < b.run.id ? 1 : -1));
        const jobs = runs.map(({ run, kept }) => ({ ...jobToWire(run, kept, []), run, kept }));
        const shown = page(jobs, c.req.valid('query'));
        const data = await Promise.all(shown.data.map(({ run, kept }) => toWire(who, run, kept)));
        return c.json({ ...shown, data }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}`,
        tags,
        summary: 'A fine-tuning job',
        request: { params: idParam },
        responses: { 200: job },
      }),
      async (c) => {
        const who = c.get('identity');
        const { run, kept } = await found(who, c.req.valid('param').id);
        return c.json(await toWire(who, run, kept), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/events`,
        tags,
        summary: 'What happened in a job, the last first',
        request: { params: idParam, query: pageQuery },
        responses: { 200: list },
      }),
      async (c) => {
        const who = c.get('identity');
        const { run, kept } = await found(who, c.req.valid('param').id);
        const events = eventsToWire(run, kept, await trainings.events(who, run.id));
        return c.json(page(events, c.req.valid('query')), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/checkpoints`,
        tags,
        summary: 'The checkpoints of a job, the last first',
        description: 'The one with the least validation loss is the job’s model; the others cannot be asked.',
        request: { params: idParam, query: pageQuery },
        responses: { 200: list },
      }),
      async (c) => {
        const who = c.get('identity');
        const { run } = await found(who, c.req.valid('param').id);
        const checkpoints = checkpointsToWire(run, await trainings.events(who, run.id));
        return c.json(page(checkpoints, c.req.valid('query')), 200);
      },
    );
  for (const action of ['cancel', 'pause', 'resume'] as const)
    router.openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/${action}`,
        tags,
        summary: `${action[0]?.toUpperCase()}${action.slice(1)} a fine-tuning job`,
        request: { params: idParam },
        responses: { 200: job },
      }),
      async (c) => {
        const who = c.get('identity');
        const { run, kept } = await found(who, c.req.valid('param').id);
        const changed = await trainings[action](who, run.id);
        if (action === 'cancel') await recordTraining(audit, who, action, changed);
        return c.json(await toWire(who, changed, kept), 200);
      },
    );
  return router;
}
