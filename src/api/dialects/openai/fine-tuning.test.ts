// OpenAI's fine-tuning wire with the unmodified client over real files and datasets; trainings are a script, so that every
// state can be looked at. A real run is in test/clients/openai-fine-tuning.client.test.ts.
import OpenAI, { BadRequestError, NotFoundError, toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';
import { toAtelierError } from '../../../contracts/errors.ts';
import { type Identity, localIdentity } from '../../../contracts/identity.ts';
import type { StoredTrainingEvent, TrainingInput, TrainingRun } from '../../../contracts/training.ts';
import type { Trainings } from '../../../learning/training/trainings.ts';
import { createRouter } from '../../route-parts.ts';
import { openAiErrorBody, openAiStatus } from './errors.ts';
import { fineTuningRoutes } from './fine-tuning.ts';

let app: TestApp;
let client: OpenAI;
const orders: TrainingInput[] = [];
const runs = new Map<string, TrainingRun>();
let longest = 0;
let caller: Identity = localIdentity;

const events: StoredTrainingEvent[] = [
  { seq: 1, at: 2000, event: { type: 'status', step: 0, status: 'training' } },
  {
    seq: 2,
    at: 3000,
    event: {
      type: 'point',
      step: 1,
      epoch: 0.5,
      loss: 2.5,
      learningRate: 1e-4,
      gradientNorm: 1,
      tokensPerSecond: 10,
      accuracy: null,
      seconds: 1,
    },
  },
  { seq: 3, at: 4000, event: { type: 'evaluation', step: 1, validationLoss: 2, tokens: 9, accuracy: null } },
  { seq: 4, at: 4000, event: { type: 'sample', step: 1, prompt: 'p', answer: 'a' } },
  { seq: 5, at: 5000, event: { type: 'checkpoint', step: 1, validationLoss: 2 } },
  { seq: 6, at: 6000, event: { type: 'checkpoint', step: 2, validationLoss: 2.2 } },
];

function change(id: string, changes: Partial<TrainingRun>): TrainingRun {
  const run = runs.get(id);
  if (!run) throw new Error(`no run ${id}`);
  runs.set(id, { ...run, ...changes });
  return { ...run, ...changes };
}

const trainings: Pick<
  Trainings,
  'estimate' | 'start' | 'list' | 'get' | 'events' | 'pause' | 'resume' | 'cancel'
> = {
  estimate: async (_who, input) =>
    ({
      concerns:
        longest > input.hyperparameters.sequenceLength ? [{ code: 'too_long', data: { longest } }] : [],
    }) as never,
  async start(who, input) {
    orders.push(input);
    const id = `train_${orders.length}`;
    const estimate = { seconds: 100 } as TrainingRun['estimate'];
    runs.set(id, {
      id,
      name: input.name,
      input,
      userId: who.userId,
      taskId: 't',
      status: 'queued',
      step: 0,
      steps: 2,
      last: null,
      validationLoss: null,
      estimate,
      model: null,
      bestStep: null,
      trainedTokens: 0,
      error: null,
      createdAt: orders.length * 1000,
      startedAt: null,
      endedAt: null,
      place: null,
    });
    return change(id, {});
  },
  list: async () => ({ runs: [...runs.values()], nextCursor: null }),
  get: async (_who, id) => change(id, {}),
  events: async () => events,
  pause: async (_who, id) => change(id, { status: 'paused' }),
  resume: async (_who, id) => change(id, { status: 'queued' }),
  cancel: async (_who, id) => change(id, { status: 'cancelled' }),
};

const line = (question: string, answer = 'yes') =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  });
const pair = JSON.stringify({
  input: { messages: [{ role: 'user', content: 'Well?' }] },
  preferred_output: [{ role: 'assistant', content: 'Good' }],
  non_preferred_output: [{ role: 'assistant', content: 'Bad' }],
});
const upload = async (lines: string[], purpose: 'fine-tune' | 'user_data' = 'fine-tune') =>
  (await client.files.create({ file: await toFile(Buffer.from(lines.join('\n')), 'x.jsonl'), purpose })).id;
const runOf = (jobId: string) => jobId.replace('ftjob-', '');

beforeAll(async () => {
  app = await createTestApp();
  const router = createRouter();
  router.use(async (c, next) => {
    c.set('identity', caller);
    await next();
  });
  const { files, learning, access } = app.services;
  router.route(
    '/',
    fineTuningRoutes({
      files,
      access,
      learning: { datasets: learning.datasets, trainings: trainings as Trainings },
    }),
  );
  router.onError((thrown, c) => {
    const error = toAtelierError(thrown);
    return c.json(openAiErrorBody(error), openAiStatus(error) as 400);
  });
  client = new OpenAI({
    apiKey: 'any',
    baseURL: 'http://localhost:4242/v1',
    maxRetries: 0,
    async fetch(input, init) {
      const request = new Request(input, init as RequestInit);
      const isOurs = new URL(request.url).pathname.includes('/fine_tuning/');
      if (isOurs) return router.request(request);
      // A body that is a stream of undici's own cannot be read here twice.
      const body = await request.arrayBuffer();
      return app.request(new URL(request.url).pathname, {
        method: request.method,
        headers: request.headers,
        ...(body.byteLength > 0 ? { body } : {}),
      });
    },
  });
});
afterAll(() => app.close());

describe('fine-tuning jobs', () => {
  test('a file becomes an approved dataset and an order in our words', async () => {
    const training_file = await upload([line('a'), line('b'), line('b')]);
    const validation_file = await upload([line('c')]);
    const job = await client.fineTuning.jobs.create({
      model: 'local/small',
      training_file,
      validation_file,
      suffix: 'Support Bot',
      seed: 7,
      metadata: { team: 'blue' },
      method: {
        type: 'supervised',
        supervised: { hyperparameters: { n_epochs: 2, batch_size: 3, learning_rate_multiplier: 0.5 } },
      },
    });
    expect(job).toMatchObject({
      object: 'fine_tuning.job',
      id: 'ftjob-train_1',
      model: 'local/small',
      status: 'queued',
      training_file,
      validation_file,
      seed: 7,
      metadata: { team: 'blue' },
      hyperparameters: { n_epochs: 2, batch_size: 3, learning_rate_multiplier: 0.5 },
      fine_tuned_model: null,
      trained_tokens: null,
      finished_at: null,
      result_files: [],
      error: null,
    });
    const [order] = orders;
    expect(order).toMatchObject({
      base: 'local/small',
      method: 'sft',
      hyperparameters: { epochs: 2, batchTokens: 768, sequenceLength: 256, learningRate: 1e-4, seed: 7 },
    });
    expect(order?.name).toMatch(/^ft-small-support-bot-[a-z0-9]{6}$/);
    const { datasets } = app.services.learning;
    const frozen = await datasets.read(localIdentity, order!.dataset, ['chat']);
    expect(frozen.dataset.name).toBe(`ft-${training_file}-${validation_file}`);
    expect(frozen.examples.map(({ split }) => split).sort()).toEqual(['train', 'train', 'validation']);
    // The same files again are the same dataset.
    await client.fineTuning.jobs.create({ model: 'local/small', training_file, validation_file });
    expect(orders[1]?.dataset).toEqual(order?.dataset);
    expect(orders[1]?.hyperparameters).toMatchObject({ epochs: 3, learningRate: 2e-4, batchTokens: 1024 });
  });

  test('preferences are learned with a beta of their own, in rows as long as the longest pair', async () => {
    longest = 700;
    const job = await client.fineTuning.jobs.create({
      model: 'local/small',
      training_file: await upload([pair]),
      method: { type: 'dpo', dpo: { hyperparameters: { beta: 0.3, n_epochs: 'auto' } } },
    });
    longest = 0;
    expect(job.method).toMatchObject({
      type: 'dpo',
      dpo: { hyperparameters: { beta: 0.3, n_epochs: 'auto' } },
    });
    expect(orders.at(-1)).toMatchObject({
      method: 'dpo',
      hyperparameters: { beta: 0.3, sequenceLength: 1024, batchTokens: 1024, learningRate: 5e-5 },
    });
  });

  test('events and checkpoints come in pages, the last first', async () => {
    const { id } = (await client.fineTuning.jobs.list({ metadata: { team: 'blue' } })).data[0]!;
    expect(id).toBe('ftjob-train_1');
    change(runOf(id), { status: 'running', step: 1 });
    const said: OpenAI.FineTuning.FineTuningJobEvent[] = [];
    for await (const event of client.fineTuning.jobs.listEvents(id, { limit: 2 })) said.push(event);
    expect(said.map(({ message }) => message)).toEqual([
      'Checkpoint created at step 2',
      'Checkpoint created at step 1',
      'Step 1/2: validation loss=2.0000',
      'Step 1/2: training loss=2.5000',
      'Fine-tuning job started',
      'Files validated, moving job to queued state',
      '1 lines are there more than once; each is learned once an epoch',
      expect.stringMatching(/^Validating validation file: /),
      expect.stringMatching(/^Validating training file: /),
      'Created fine-tuning job: ftjob-train_1',
    ]);
    expect(said[3]).toMatchObject({ type: 'metrics', data: { step: 1, train_loss: 2.5, total_steps: 2 } });
    change('train_1', { model: 'local/tuned', bestStep: 1 });
    const { data } = await client.fineTuning.jobs.checkpoints.list(id);
    expect(data.map(({ step_number, fine_tuned_model_checkpoint: model }) => [step_number, model])).toEqual([
      [2, expect.stringMatching(/:ckpt-step-2$/)],
      [1, 'local/tuned'],
    ]);
    expect(data[1]?.metrics).toMatchObject({ step: 1, train_loss: 2.5, valid_loss: 2 });
  });

  test('a job is paused, goes on, succeeds with a table of its steps, or is cancelled', async () => {
    const jobs = client.fineTuning.jobs;
    const id = 'ftjob-train_1';
    expect((await jobs.pause(id)).status).toBe('paused');
    expect((await jobs.resume(id)).status).toBe('queued');
    change('train_1', {
      status: 'complete',
      model: 'local/tuned',
      trainedTokens: 42,
      endedAt: 9000,
      step: 2,
    });
    const done = await jobs.retrieve(id);
    expect(done).toMatchObject({
      status: 'succeeded',
      fine_tuned_model: 'local/tuned',
      trained_tokens: 42,
      finished_at: 9,
    });
    expect(await (await client.files.content(done.result_files[0]!)).text()).toBe(
      'step,train_loss,train_accuracy,valid_loss,valid_accuracy,learning_rate\n1,2.5,,2,,0.0001\n',
    );
    expect((await jobs.retrieve(id)).result_files).toEqual(done.result_files);
    expect((await jobs.listEvents(id)).data.slice(0, 2).map(({ message }) => message)).toEqual([
      'The job has successfully completed',
      'New fine-tuned model created: local/tuned',
    ]);
    expect((await jobs.cancel('ftjob-train_2')).status).toBe('cancelled');
    change('train_2', {
      status: 'failed',
      error: { code: 'insufficient_memory', message: 'No room.', data: {}, retryable: false },
    });
    expect((await jobs.retrieve('ftjob-train_2')).error).toMatchObject({
      code: 'insufficient_memory',
      message: 'No room.',
    });
    const ids: string[] = [];
    for await (const job of jobs.list({ limit: 1 })) ids.push(job.id);
    expect(ids).toEqual(['ftjob-train_3', 'ftjob-train_2', 'ftjob-train_1']);
  });

  test('a file is its owner’s, also where a dataset of it is there; an order that comes twice at once is two jobs', async () => {
    const training_file = await upload([line('twice')]);
    const create = () => client.fineTuning.jobs.create({ model: 'local/small', training_file });
    const from = orders.length;
    const jobs = await Promise.all([create(), create()]);
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(2);
    expect(orders[from]?.dataset).toEqual(orders[from + 1]?.dataset);
    caller = { userId: 'bea', role: 'builder' };
    try {
      await expect(create()).rejects.toBeInstanceOf(NotFoundError);
    } finally {
      caller = localIdentity;
    }
    // Longer than any row: the order is refused by its own estimate, as on our own address.
    longest = 100_000;
    await create();
    expect(orders.at(-1)?.hyperparameters.sequenceLength).toBe(256);
    longest = 0;
  });

  test('what cannot be done is refused with its place, and leaves no dataset', async () => {
    const good = await upload([line('d')]);
    const create = (body: object) =>
      client.fineTuning.jobs.create({ model: 'local/small', training_file: good, ...body });
    const broken = await upload([line('e'), '{"messages": []}', 'no json']);
    const before = (await app.services.learning.datasets.list(localIdentity)).length;
    const refusals: [object, string | null, RegExp][] = [
      [{ training_file: broken }, 'training_file', /Line 2: .*Line 3: /],
      [{ validation_file: broken }, 'validation_file', /Line 2: /],
      [{ training_file: await upload([line('f')], 'user_data') }, 'training_file', /purpose user_data/],
      [{ training_file: await upload([pair]) }, 'training_file', /Line 1: |cannot be read/],
      [{ method: { type: 'reinforcement' } }, 'method', /no reinforcement/],
      [
        { integrations: [{ type: 'wandb', wandb: { project: 'p' } }] },
        'integrations',
        /Nothing is sent to wandb/,
      ],
    ];
    for (const [body, param, words] of refusals) {
      const error = await create(body).then(
        () => null,
        (thrown: unknown) => thrown as BadRequestError,
      );
      expect(error, String(words)).toBeInstanceOf(BadRequestError);
      expect(error?.message).toMatch(words);
      if (param !== 'training_file' || !/cannot be read/.test(error?.message ?? ''))
        expect(error?.param).toBe(param);
    }
    for (const hyperparameters of [{ n_epochs: 1001 }, { n_epochs: 0.5 }])
      await expect(create({ hyperparameters })).rejects.toBeInstanceOf(BadRequestError);
    await expect(create({ training_file: 'file_nothing' })).rejects.toBeInstanceOf(NotFoundError);
    expect(await app.services.learning.datasets.list(localIdentity)).toHaveLength(before);
  });
});
