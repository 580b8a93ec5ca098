// The unmodified openai package fine-tunes stories260K on the built program: files, jobs, events, checkpoints, and the model
// that came of it answers.
import { join } from 'node:path';
import OpenAI, { BadRequestError, toFile } from 'openai';
import type { FineTuningJob } from 'openai/resources/fine-tuning/jobs/jobs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Task } from '../../src/contracts/task.ts';
import { type RunningServer, startServer } from '../start-server.ts';

let server: RunningServer;
let client: OpenAI;
let model = '';
const api = async <T>(path: string, body?: object): Promise<T> =>
  (await fetch(new URL(path, server.url), {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).then((response) => response.json())) as T;

async function until<T>(look: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (isDone(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
const ended = (id: string) =>
  until<FineTuningJob>(
    () => client.fineTuning.jobs.retrieve(id),
    ({ status }) => ['succeeded', 'failed', 'cancelled'].includes(status),
  );

const names = ['Tim', 'Lily', 'Ben', 'Mia', 'Max', 'Sue', 'Tom', 'Anna', 'Sam', 'Eva'];
const talk = (name: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: `Who is ${name}?` },
      { role: 'assistant', content: `${name} is a blue cat.` },
    ],
  });
const pair = (name: string) =>
  JSON.stringify({
    input: { messages: [{ role: 'user', content: `Who is ${name}?` }] },
    preferred_output: [{ role: 'assistant', content: `${name} is a blue cat.` }],
    non_preferred_output: [{ role: 'assistant', content: `${name} was sad.` }],
  });
const upload = async (lines: readonly string[]) =>
  (
    await client.files.create({
      file: await toFile(Buffer.from(lines.join('\n')), 'examples.jsonl'),
      purpose: 'fine-tune',
    })
  ).id;

beforeAll(async () => {
  server = await startServer();
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
  const path = join(import.meta.dirname, '../fixtures/stories260K/stories260K.f32.gguf');
  const task = await api<Task>('/atelier/v1/models/pull', { path });
  await until<Task>(
    () => api(`/atelier/v1/tasks/${task.id}`),
    ({ status }) => status !== 'queued' && status !== 'running',
  );
  const { data } = await client.models.list();
  model = data.find(({ id }) => id.startsWith('local/'))?.id ?? '';
  expect(model).toMatch(/stories/);
});
afterAll(() => server.stop());

test('supervised: the loss falls, and the tuned model answers', async () => {
  const training_file = await upload(names.map(talk));
  const job = await client.fineTuning.jobs.create({
    model,
    training_file,
    validation_file: await upload([talk('Bob')]),
    suffix: 'cats',
    seed: 3,
    metadata: { by: 'test' },
    method: {
      type: 'supervised',
      supervised: { hyperparameters: { n_epochs: 6, batch_size: 1, learning_rate_multiplier: 40 } },
    },
  });
  expect(job.status).toMatch(/queued|running/);
  const done = await ended(job.id);
  expect(done.error).toBeNull();
  expect(done).toMatchObject({ status: 'succeeded', seed: 3, metadata: { by: 'test' }, training_file });
  expect(done.trained_tokens).toBeGreaterThan(0);
  const messages: string[] = [];
  for await (const { message } of client.fineTuning.jobs.listEvents(job.id, { limit: 50 }))
    messages.push(message);
  expect(messages[0]).toBe('The job has successfully completed');
  expect(messages.at(-1)).toBe(`Created fine-tuning job: ${job.id}`);
  const checkpoints = await client.fineTuning.jobs.checkpoints.list(job.id);
  expect(checkpoints.data.length).toBeGreaterThan(0);
  expect(checkpoints.data.map((one) => one.fine_tuned_model_checkpoint)).toContain(done.fine_tuned_model);
  const rows = (await (await client.files.content(done.result_files[0]!)).text()).trim().split('\n');
  const told = rows.map((row) => row.split(',')[1] ?? '').filter((loss) => loss !== '');
  const losses = told.slice(1).map(Number);
  expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.8);
  const answer = await client.chat.completions.create({
    model: done.fine_tuned_model!,
    temperature: 0,
    max_tokens: 12,
    messages: [{ role: 'user', content: 'Who is Tim?' }],
  });
  expect(answer.choices[0]?.message.content?.length).toBeGreaterThan(0);
});

test('preferences, a pause, a cancel, and a wrong line', async () => {
  const { jobs } = client.fineTuning;
  const training_file = await upload(names.map(pair));
  const long = await jobs.create({
    model,
    training_file,
    method: { type: 'dpo', dpo: { hyperparameters: { n_epochs: 900 } } },
  });
  await until(
    () => jobs.retrieve(long.id),
    ({ status }) => status === 'running',
  );
  expect((await jobs.pause(long.id)).status).toBe('paused');
  expect((await jobs.resume(long.id)).status).toMatch(/queued|running/);
  expect((await jobs.cancel(long.id)).status).toBe('cancelled');
  expect((await jobs.list({ limit: 1 })).data[0]?.id).toBe(long.id);
  const refused = await jobs
    .create({ model, training_file: await upload([talk('Tim'), '{"messages":[]}']) })
    .catch((error: unknown) => error as BadRequestError);
  expect(refused).toBeInstanceOf(BadRequestError);
  expect(refused).toMatchObject({ param: 'training_file', code: 'invalid_training_file' });
  expect((refused as BadRequestError).message).toContain('Line 2:');
});
