// The routes of training as a table; the runs themselves are those of learning/training.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { blueCats, openTrainings, order } from '../../../test/open-trainings.ts';
import type { StoredTrainingEvent, TrainingRun } from '../../contracts/training.ts';

const path = '/atelier/v1/training';
let opened: TestStore;
let on: ReturnType<typeof openTrainings>;
let app: TestApp;

beforeAll(async () => {
  opened = await openTestStore();
  on = openTrainings(opened, blueCats);
  const { trainings } = on;
  app = await createTestApp({ replace: { learning: { trainings, bases: on.options.bases } as never } });
  await on.jobs.start();
});
afterAll(async () => {
  await app.close();
  await on.jobs.stop();
  await opened.dispose();
});

test('what can be trained, and what it will take', async () => {
  expect(await (await app.request(`${path}/bases`)).json()).toEqual({
    bases: [
      expect.objectContaining({
        model: 'local/stories',
        keptBytes: 0,
        trainable: true,
        reason: null,
        contextLength: 512,
      }),
    ],
  });
  const free = () => app.request(`${path}/bases?model=local/stories`, { method: 'DELETE' });
  expect(await (await free()).json()).toEqual({ freedBytes: 0 });
  expect((await app.request(`${path}/bases`, { method: 'DELETE' })).status).toBe(400);
  const estimate = await app.send(`${path}/estimate`, order());
  expect(estimate.status).toBe(200);
  expect(await estimate.json()).toMatchObject({
    steps: 6,
    examples: 8,
    concerns: [{ code: 'few_examples' }],
  });
});

test('a run from its start to its end', async () => {
  const started = await app.send(path, order());
  expect(started.status).toBe(201);
  const { id } = (await started.json()) as TrainingRun;
  expect((await app.send(path, order())).status).toBe(409);
  // Live, until the run has ended.
  const stream = await (await app.request(`${path}/${id}/events?after=1`)).text();
  const live = stream
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => JSON.parse(line.slice(5)) as StoredTrainingEvent);
  expect(live[0]!.seq).toBe(2);
  expect(live.at(-1)!.event).toMatchObject({ type: 'status', status: 'complete' });
  const history = (await (await app.request(`${path}/${id}/history`)).json()) as {
    events: StoredTrainingEvent[];
  };
  expect(history.events.slice(1)).toEqual(live);
  const again = await app.request(`${path}/${id}/events`, {
    headers: { 'last-event-id': String(live.at(-2)!.seq) },
  });
  expect((await again.text()).match(/^data:/gm)).toHaveLength(1);
  expect(await (await app.request(path)).json()).toMatchObject({
    runs: [{ id, status: 'complete', step: 6 }],
  });
  expect(await (await app.request(`${path}/${id}`)).json()).toMatchObject({
    model: 'local/tuned',
    error: null,
  });
  expect((await app.send(`${path}/${id}/pause`, {})).status).toBe(409);
  expect((await app.request(`${path}/${id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await app.request(`${path}/${id}`)).status).toBe(404);
  const { entries } = (await (await app.request('/atelier/v1/audit')).json()) as {
    entries: { action: string; target: string; data: object }[];
  };
  expect(entries.filter(({ action }) => /^training\.(start|remove)$/.test(action))).toMatchObject([
    { action: 'training.remove', target: 'tuned', data: { id } },
    { action: 'training.start', target: 'tuned', data: { id, base: 'local/stories', method: 'sft' } },
  ]);
});

test.for([
  ['a name with a space', { ...order(), name: 'My model' }, 400, 'invalid_request'],
  ['a share of nothing', { ...order(), hyperparameters: { warmupShare: 2 } }, 400, 'invalid_request'],
  ['examples that do not fit', order({ hyperparameters: { sequenceLength: 16 } }), 400, 'invalid_request'],
] as const)('refused: %s', async ([, body, status, code]) => {
  const response = await app.send(path, body);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code } });
});

test.for([
  ['GET', `${path}/none`],
  ['GET', `${path}/none/history`],
  ['GET', `${path}/none/events`],
  ['POST', `${path}/none/pause`],
  ['DELETE', `${path}/none`],
] as const)('%s %s is 404', async ([method, address]) => {
  expect((await app.request(address, { method })).status).toBe(404);
});
