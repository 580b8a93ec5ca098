// From a dataset to a promotion and back, over HTTP: what each address answers, and what it left in the record of changes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import type { Evaluation, EvaluationResult } from '../../contracts/evaluation.ts';
import type { Promotion } from '../../contracts/tuned-model.ts';
import en from '../../interface/web/i18n/en/access.json' with { type: 'json' };
import fr from '../../interface/web/i18n/fr/access.json' with { type: 'json' };

let app: TestApp;
let datasetId: string;
let evaluation: Evaluation;
const [OLD, NEW] = ['scripted/echo', 'scripted/script'];

async function json<T>(response: Promise<Response>, status: number): Promise<T> {
  const answer = await response;
  const text = await answer.text();
  expect(answer.status, text).toBe(status);
  return (text === '' ? null : JSON.parse(text)) as T;
}
const send = <T>(path: string, body: unknown, status: number, init?: RequestInit) =>
  json<T>(app.send(`/atelier/v1${path}`, body, init), status);
const get = <T>(path: string, status = 200) => json<T>(app.request(`/atelier/v1${path}`), status);

beforeAll(async () => {
  app = await createTestApp();
  await app.jobs.start();
  const dataset = await send<{ id: string }>(
    '/datasets',
    { name: 'Capitals', kind: 'chat', purpose: 'evaluation', shares: { train: 0, validation: 0, test: 1 } },
    201,
  );
  datasetId = dataset.id;
  const words = Array.from({ length: 24 }, (_, index) => `word ${index}`);
  for (const word of words) {
    const messages = [
      { role: 'user', content: `#text ${word}` },
      { role: 'assistant', content: word },
    ];
    await send(`/datasets/${datasetId}/examples`, { body: { kind: 'chat', messages } }, 201);
  }
  await send(`/datasets/${datasetId}/versions`, { note: 'first' }, 201);
  evaluation = await send<Evaluation>('/evaluations', order(), 201);
  await app.jobs.wait(evaluation.taskId);
});
afterAll(() => app.close());

const order = (more: object = {}) => ({
  name: 'New beside old',
  dataset: { id: datasetId },
  judge: { type: 'exact' },
  subjects: [{ model: OLD }, { model: NEW }],
  ...more,
});
const promotion = (more: object = {}) => ({
  alias: 'house',
  model: NEW,
  evaluationId: evaluation.id,
  gate: { needParity: false },
  ...more,
});

describe('an evaluation', () => {
  test('is complete with its figures, in the list too', async () => {
    const found = await get<Evaluation>(`/evaluations/${evaluation.id}`);
    expect(found).toMatchObject({
      status: 'complete',
      done: 48,
      total: 48,
      datasetVersion: 1,
      comparisons: [{ better: 24, worse: 0, difference: { value: 1, low: 1, high: 1 } }],
    });
    const { evaluations } = await get<{ evaluations: Evaluation[] }>('/evaluations');
    expect(evaluations).toEqual([found]);
  });

  test('has results in pages, and as a file', async () => {
    const path = `/evaluations/${evaluation.id}/results`;
    type Page = { results: EvaluationResult[]; nextCursor: string | null };
    const first = await get<Page>(`${path}?only=better&limit=20`);
    expect(first.results[0]).toMatchObject({ subject: 1, score: 1, first: { score: 0 } });
    const rest = await get<Page>(`${path}?only=better&limit=20&cursor=${first.nextCursor}`);
    expect([first.results.length, rest.results.length, rest.nextCursor]).toEqual([20, 4, null]);
    const file = await app.request(`/atelier/v1/evaluations/${evaluation.id}/export?format=csv`);
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect((await file.text()).trim().split('\r\n')).toHaveLength(49);
    const lines = await app.request(`/atelier/v1/evaluations/${evaluation.id}/export`);
    expect(lines.headers.get('content-disposition')).toContain('.jsonl');
    expect((await lines.text()).trim().split('\n')).toHaveLength(48);
  });

  test.each<[string, string, object, number, string]>([
    ['an unknown judge', '/evaluations', { judge: { type: 'taste' } }, 400, 'invalid_request'],
    [
      'a judge without its rubric',
      '/evaluations',
      { judge: { type: 'model', model: NEW } },
      400,
      'invalid_request',
    ],
    ['no subject', '/evaluations', { subjects: [] }, 400, 'invalid_request'],
    [
      'a model that is not there',
      '/evaluations',
      { subjects: [{ model: 'no/model' }] },
      404,
      'model_not_found',
    ],
    ['a dataset that is not there', '/evaluations', { dataset: { id: 'dataset_none' } }, 404, 'not_found'],
    ['another kind of data', '/evaluations', { judge: { type: 'preference' } }, 400, 'invalid_request'],
  ])('with %s is refused', async (_, path, more, status, code) => {
    const { error } = await send<{ error: { code: string } }>(path, order(more), status);
    expect(error.code).toBe(code);
  });

  test.each([
    ['/evaluations/evaluation_none', 404],
    ['/evaluations/evaluation_none/results', 404],
    ['/evaluations/evaluation_none/export', 404],
    ['/tuned-models/tuned_none', 404],
  ])('GET %s is %i', async (path, status) => {
    await get(path, status);
  });

  test('that has ended is not paused', async () => {
    await send(`/evaluations/${evaluation.id}/pause`, {}, 409);
    await send(`/evaluations/${evaluation.id}/forget`, {}, 400);
  });

  test('is removed, and its start and end are in the record of changes, in words of both languages', async () => {
    const other = await send<Evaluation>(
      '/evaluations',
      order({ limit: 1, subjects: [{ model: NEW }] }),
      201,
    );
    await app.jobs.wait(other.taskId);
    await json(app.request(`/atelier/v1/evaluations/${other.id}`, { method: 'DELETE' }), 204);
    await get(`/evaluations/${other.id}`, 404);
    const { entries } = await get<{ entries: { action: string; target: string; data: object }[] }>('/audit');
    expect(entries.slice(0, 2)).toMatchObject([
      { action: 'evaluation.remove', target: other.input.name, data: { id: other.id } },
      { action: 'evaluation.start', target: other.input.name, data: { models: [NEW] } },
    ]);
    const told = 'training.start training.cancel training.remove training.free tuned-model.remove';
    for (const action of [...told.split(' '), ...entries.map((one) => one.action)])
      for (const words of [en, fr]) expect(words.audit.actions).toHaveProperty(action.replace('.', '_'));
  });
});

describe('a promotion', () => {
  const actions = async () =>
    (await get<{ entries: { action: string; target: string; data: object }[] }>('/audit')).entries.filter(
      ({ action }) => action.startsWith('alias.'),
    );

  test('is refused with the verdict while the gate is shut', async () => {
    const input = promotion({ gate: { minExamples: 25 } });
    expect(await send('/promotions/check', input, 200)).toMatchObject({
      passed: false,
      checks: [
        { name: 'minExamples', value: 24, threshold: 25 },
        {},
        {},
        { name: 'parity', reason: 'not_tuned' },
      ],
    });
    expect(await send('/promotions', input, 403)).toMatchObject({
      error: { code: 'forbidden', data: { verdict: { passed: false } } },
    });
    expect(await get('/promotions')).toEqual({ promotions: [], nextCursor: null });
  });

  test('is a canary, grows, and goes back, and each is in the record of changes', async () => {
    await send('/aliases/house', { model: OLD }, 200, { method: 'PUT' });
    const made = await send<Promotion>('/promotions', promotion({ share: 0.2 }), 201);
    expect(made).toMatchObject({ from: OLD, to: NEW, share: 0.2, state: 'active' });
    expect(made).not.toHaveProperty('before');
    const { routes } = await get<{ routes: object[] }>('/models');
    expect(routes).toMatchObject([{ alias: 'house', model: OLD, canary: { model: NEW, share: 0.2 } }]);
    await send(`/promotions/${made.id}/share`, { share: 0 }, 400);
    await send(`/promotions/${made.id}/share`, { share: 1 }, 200);
    expect(await get('/models')).toMatchObject({ aliases: { house: NEW } });
    expect(await send(`/promotions/${made.id}/roll-back`, {}, 200)).toMatchObject({ state: 'rolled_back' });
    expect(await get('/models')).toMatchObject({ aliases: { house: OLD } });
    await send(`/promotions/${made.id}/roll-back`, {}, 409);
    expect(await get('/promotions?alias=house')).toMatchObject({ promotions: [{ id: made.id }] });
    expect((await actions()).slice(0, 3)).toMatchObject([
      { action: 'alias.roll_back', target: 'house', data: { from: NEW, to: OLD } },
      { action: 'alias.share', target: 'house', data: { to: NEW, share: 1 } },
      { action: 'alias.promote', target: 'house', data: { from: OLD, to: NEW, share: 0.2 } },
    ]);
  });

  test('of a canary is told to whoever asks over a foreign wire', async () => {
    const made = await send<Promotion>('/promotions', promotion({ share: 0.999999 }), 201);
    const answer = await app.send('/v1/chat/completions', {
      model: 'house',
      messages: [{ role: 'user', content: '#text tried' }],
    });
    expect(answer.headers.get('x-atelier-model')).toBe(NEW);
    expect(answer.headers.get('x-atelier-fallback')).toContain('is tried on a share');
    // An application asks the alias too, the same model in all calls of a run.
    const run = await send<{ receipt: { model: string } }>(
      '/apps/sentiment/invoke',
      { input: { text: 'A good day.' }, model: 'house' },
      200,
    );
    expect(run.receipt.model).toBe(NEW);
    await send(`/promotions/${made.id}/roll-back`, {}, 200);
  });
});
