// What work under way reads, and what was tuned here, is not removed under it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../test/create-test-app.ts';
import type { Dataset } from '../contracts/dataset.ts';
import { localIdentity } from '../contracts/identity.ts';

let app: TestApp;
let tasks: { id: string; kind: string; payload: unknown }[] = [];
beforeAll(async () => {
  app = await createTestApp();
  const list = app.jobs.list;
  app.jobs.list = async (options) => [...(tasks as never[]), ...(await list(options))];
});
afterAll(() => app.close());

const removed = async (path: string) => {
  const response = await app.request(`/atelier/v1${path}`, { method: 'DELETE' });
  const body = (await response.text()) || 'null';
  return [
    response.status,
    (JSON.parse(body) as { error?: { message: string } } | null)?.error?.message ?? '',
  ];
};

test('a dataset and a base stay while a training that has not ended reads them', async () => {
  const made = await app.send('/atelier/v1/datasets', { name: 'tone', kind: 'chat' });
  const { id } = (await made.json()) as Dataset;
  const input = { name: 'house', base: 'local/small', dataset: { id } };
  tasks = [{ id: 'task_1', kind: 'learning.training', payload: { input } }];
  expect(await removed(`/datasets/${id}`)).toEqual([
    409,
    'house has not ended and reads the dataset tone. Cancel it, or wait for its end.',
  ]);
  expect(await removed('/models/local%2Fsmall')).toEqual([
    409,
    'house has not ended and reads local/small. Cancel it, or wait for its end.',
  ]);
  expect(await removed('/models/local%2Fother')).toEqual([404, expect.stringContaining('local/other')]);
  tasks = [];
  expect(await removed(`/datasets/${id}`)).toEqual([204, '']);
});

test('a tuned model goes among the tuned models, where what asks it is looked after', async () => {
  await app.services.learning.tunedModels.put({
    name: 'house',
    model: 'local/house',
    base: 'local/small',
    runId: 'train_1',
    files: [],
    userId: localIdentity.userId,
  } as never);
  expect(await removed('/models/local%2Fhouse')).toEqual([
    409,
    expect.stringMatching(/^local.house was tuned here\. Remove it among the tuned models/),
  ]);
});

test.each([
  ['a teacher', 'learning.training', { base: 'local/big', teacher: 'local/small' }],
  [
    'one that is evaluated',
    'learning.evaluation',
    { subjects: [{ model: 'default' }, { model: 'local/small' }] },
  ],
  ['a judge', 'learning.evaluation', { judge: { type: 'model', model: 'local/small' }, subjects: [] }],
])('%s stays while the work that asks it has not ended', async (_what, kind, input) => {
  tasks = [{ id: 'task_2', kind, payload: { input: { name: 'night', ...input } } }];
  expect(await removed('/models/local%2Fsmall')).toEqual([
    409,
    'night has not ended and reads local/small. Cancel it, or wait for its end.',
  ]);
  tasks = [];
});

test('a tuned model stays while another training begins from it', async () => {
  const { id } = await app.services.learning.tunedModels.put({
    name: 'first',
    model: 'local/first',
    base: 'local/small',
    runId: 'train_2',
    files: [],
    userId: localIdentity.userId,
  } as never);
  tasks = [
    { id: 'task_3', kind: 'learning.training', payload: { input: { name: 'second', base: 'local/first' } } },
  ];
  expect(await removed(`/tuned-models/${id}`)).toEqual([
    409,
    'second has not ended and reads local/first. Cancel it, or wait for its end.',
  ]);
  tasks = [];
  expect((await removed(`/tuned-models/${id}`))[0]).toBe(204);
});
