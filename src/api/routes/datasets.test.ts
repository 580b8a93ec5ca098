// Datasets over HTTP: filled from a form, reviewed, frozen, exported; refusals as a table.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import { openAccounts } from '../../../test/open-accounts.ts';
import type { Dataset, Example, ExampleBody, ImportReport } from '../../contracts/dataset.ts';

let app: TestApp;
let id: string;
const path = '/atelier/v1/datasets';
const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const chat = (question: string, answer: string): ExampleBody => ({
  kind: 'chat',
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});
const upload = (text: string, name = 'file.jsonl', shape?: string, late = false) => {
  const form = new FormData();
  if (shape !== undefined && !late) form.set('shape', shape);
  form.set('file', new Blob([text]), name);
  if (shape !== undefined && late) form.set('shape', shape);
  return send(form);
};
/** As bytes: a stream of undici's own would be told of a refusal in the middle of it. */
const send = async (form: FormData) => {
  const whole = new Response(form);
  return app.request(`${path}/${id}/import`, {
    method: 'POST',
    body: await whole.arrayBuffer(),
    headers: { 'content-type': whole.headers.get('content-type') ?? '' },
  });
};

beforeAll(async () => {
  app = await createTestApp();
  const made = await app.send(path, { name: 'tone', kind: 'chat' });
  expect(made.status).toBe(201);
  const dataset = await json<Dataset>(made);
  expect(dataset).toMatchObject({ purpose: 'training', shares: { train: 0.8 }, counts: { total: 0 } });
  id = dataset.id;
});
afterAll(() => app.close());

describe('datasets over HTTP', () => {
  test('a file comes in with a report of its lines', async () => {
    const lines = [
      JSON.stringify({ messages: chat('A?', 'a').kind === 'chat' ? [{ role: 'user', content: 'A?' }] : [] }),
      JSON.stringify({ conversations: [] }),
      '{"messages":[{"role":"user","content":"Bonjour"},{"role":"assistant","content":"Salut"}]}',
    ];
    const report = await json<ImportReport>(await upload(lines.join('\n')));
    expect(report).toMatchObject({ added: 1, shape: 'openai', faultCount: 2 });
    expect(report.faults.map(({ line, code }) => [line, code])).toEqual([
      [1, 'no_answer'],
      [2, 'wrong_shape'],
    ]);
    expect(await json(await upload('prompt;completion\r\nA?;a\r\n', 'x.csv'))).toMatchObject({
      added: 1,
      shape: 'csv',
    });
  });

  test('written, listed, reworded, moved, removed', async () => {
    const made = await app.send(`${path}/${id}/examples`, { body: chat('One?', 'one') });
    expect(made.status).toBe(201);
    const example = await json<Example>(made);
    const list = await json<{ examples: Example[]; nextCursor: string | null }>(
      await app.request(`${path}/${id}/examples?query=one&status=approved&findings=false&limit=1`),
    );
    expect(list).toMatchObject({ examples: [{ id: example.id }], nextCursor: null });
    const one = `${path}/${id}/examples/${example.id}`;
    expect(await json(await app.send(one, { body: chat('One?', 'uno') }, { method: 'PUT' }))).toMatchObject({
      body: chat('One?', 'uno'),
    });
    const patch = { ids: [example.id], status: 'rejected', split: 'validation' };
    expect(await json(await app.send(`${path}/${id}/examples`, patch, { method: 'PATCH' }))).toEqual({
      changed: 1,
    });
    expect(await json(await app.send(`${path}/${id}/redact`, {}))).toEqual({ changed: 0 });
    expect((await app.request(one, { method: 'DELETE' })).status).toBe(204);
    expect((await app.request(one, { method: 'DELETE' })).status).toBe(404);
  });

  test('frozen, and out again as it came in', async () => {
    const frozen = await app.send(`${path}/${id}/versions`, { note: 'first' });
    expect(frozen.status).toBe(201);
    expect(await frozen.json()).toMatchObject({ version: 1, examples: 2, note: 'first' });
    const out = await app.request(`${path}/${id}/export?version=1&shape=csv`);
    expect(out.headers.get('content-type')).toContain('text/csv');
    const text = await out.text();
    expect(text.split('\r\n').sort()).toEqual(['', 'A?,a', 'Bonjour,Salut', 'prompt,completion'].sort());
    expect(await json(await upload(text, 'again.csv'))).toMatchObject({ added: 0, known: 2 });
    const lines = await (await app.request(`${path}/${id}/export?shape=openai`)).text();
    expect(lines.trim().split('\n')).toHaveLength(2);
  });

  test('personal data is found, named in a list with what is not, and taken out', async () => {
    const { detectors } = await json<{ detectors: { type: string; finds: boolean }[] }>(
      await app.request('/atelier/v1/detectors'),
    );
    expect(detectors.filter(({ finds }) => !finds).map(({ type }) => type)).toEqual(['person']);
    const body = chat('Rappelez Léa au 06 12 34 56 78', 'Elle a écrit de lea@ex.fr');
    const { id: exampleId, findings } = await json<Example>(
      await app.send(`${path}/${id}/examples`, { body }),
    );
    expect(findings).toMatchObject([
      { type: 'phone', field: 'messages.0', start: 16, end: 30, certain: true },
      { type: 'email', field: 'messages.1', text: 'lea@ex.fr' },
    ]);
    expect(
      await json(await app.send(`${path}/${id}/redact`, { ids: [exampleId], types: ['phone'] })),
    ).toEqual({
      changed: 1,
    });
    const { examples } = await json<{ examples: Example[] }>(
      await app.request(`${path}/${id}/examples?findings=true`),
    );
    expect(examples).toMatchObject([
      { body: chat('Rappelez Léa au [PHONE]', 'Elle a écrit de lea@ex.fr'), findings: [{ type: 'email' }] },
    ]);
    await app.request(`${path}/${id}/examples/${exampleId}`, { method: 'DELETE' });
  });

  test('hidden and brought back', async () => {
    expect((await app.request(`${path}/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await app.request(`${path}/${id}`)).status).toBe(404);
    expect((await app.request(`${path}/${id}/restore`, { method: 'POST' })).status).toBe(200);
    const renamed = await app.send(`${path}/${id}`, { name: 'ton' }, { method: 'PATCH' });
    expect(await renamed.json()).toMatchObject({ name: 'ton', versions: [{ version: 1 }] });
    const { datasets } = await json<{ datasets: Dataset[] }>(await app.request(path));
    expect(datasets.map(({ name }) => name)).toEqual(['ton']);
  });

  test('a form may name the shape after the file', async () => {
    const both = JSON.stringify({ messages: [], instruction: 'I?', output: 'i' });
    for (const late of [false, true])
      expect(await json(await upload(both, 'x.jsonl', 'alpaca', late))).toMatchObject({
        shape: 'alpaca',
        added: late ? 0 : 1,
        known: late ? 1 : 0,
      });
    expect((await upload(both, 'x.jsonl', 'nonsense', true)).status).toBe(400);
  });

  test.each<[string, string, string, unknown, number, string]>([
    ['a name that is taken', 'POST', '', { name: 'ton', kind: 'labels' }, 409, 'conflict'],
    ['a name of spaces', 'POST', '', { name: '  ', kind: 'chat' }, 400, 'invalid_request'],
    ['a name that is taken but for a space', 'POST', '', { name: 'ton ', kind: 'chat' }, 409, 'conflict'],
    ['a new name of spaces', 'PATCH', '/ID', { name: ' ' }, 400, 'invalid_request'],
    [
      'shares of more than all',
      'POST',
      '',
      { name: 'x', kind: 'chat', shares: { train: 1, validation: 1, test: 0 } },
      400,
      'invalid_request',
    ],
    ['an unknown dataset', 'POST', '/none/versions', { note: '' }, 404, 'not_found'],
    [
      'an example of another kind',
      'POST',
      '/ID/examples',
      { body: { kind: 'labels', text: 'a', label: 'b' } },
      400,
      'invalid_request',
    ],
    [
      'an example that ends with the question',
      'POST',
      '/ID/examples',
      { body: { kind: 'chat', messages: [{ role: 'user', content: 'a' }] } },
      400,
      'invalid_request',
    ],
    ['neither ids nor filter', 'PATCH', '/ID/examples', { status: 'approved' }, 400, 'invalid_request'],
    ['nothing to change', 'PATCH', '/ID/examples', { ids: ['a'] }, 400, 'invalid_request'],
    ['a shape of another kind', 'GET', '/ID/export?shape=labels', null, 400, 'invalid_request'],
    ['a version that is not there', 'GET', '/ID/export?shape=openai&version=9', null, 404, 'not_found'],
    ['a cursor of nobody', 'GET', '/ID/examples?cursor=abc', null, 400, 'invalid_request'],
    ['no form', 'POST', '/ID/import', {}, 415, 'unsupported_media_type'],
  ])('%s is refused', async (_name, method, at, body, status, code) => {
    const to = `${path}${at.replace('ID', id)}`;
    const response = body === null ? await app.request(to, { method }) : await app.send(to, body, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  test.each([
    ['UTF-16', '\ufeffa', 'utf-16le', 'UTF-16'],
    ['an empty file', '', 'utf-8', 'empty'],
    ['no shape', '{"a":1}\n', 'utf-8', 'the fields a'],
    ['a table of other columns', 'first,second\n1,2\n', 'utf-8', 'prompt and completion'],
    ['labels in a dataset of chats', '{"text":"a","label":"b"}', 'utf-8', 'the shape labels'],
  ])('a file of %s is refused with the reason', async (_name, text, encoding, reason) => {
    const form = new FormData();
    form.set('file', new Blob([Buffer.from(text, encoding as BufferEncoding)]), 'file.jsonl');
    const response = await send(form);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining(reason) } });
  });
});

test('somebody’s words are taken once they agree, left out when they no longer do, and forgotten with them', async () => {
  const accounts = await openAccounts();
  try {
    const { admin } = accounts;
    const mia = await accounts.add('Mia', 'member');
    const asked = await accounts.ask(mia, '/v1/chat/completions', {
      json: { model: 'scripted/echo', messages: [{ role: 'user', content: 'Bonjour de Mia' }] },
    });
    expect(asked.status).toBe(200);
    await asked.text();
    const set = await json<Dataset>(await accounts.ask(admin, path, { json: { name: 'all', kind: 'chat' } }));
    const collect = async () =>
      json<ImportReport>(
        await accounts.ask(admin, `${path}/${set.id}/collect`, { json: { from: 'traces' } }),
      );
    const agree = (trainingConsent: boolean) =>
      accounts.ask(mia, '/atelier/v1/me/settings', { method: 'PATCH', json: { trainingConsent } });
    const freeze = () => accounts.ask(admin, `${path}/${set.id}/versions`, { json: {} });

    expect(await collect()).toMatchObject({ added: 0, withoutConsent: 1 });
    await agree(true);
    expect(await collect()).toMatchObject({ added: 1, withoutConsent: 0 });
    await accounts.ask(admin, `${path}/${set.id}/examples`, {
      method: 'PATCH',
      json: { filter: {}, status: 'approved' },
    });
    expect((await freeze()).status).toBe(201);
    await agree(false);
    const refused = await freeze();
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('1 have no consent');

    const gone = await accounts.ask(admin, `/atelier/v1/users/${mia.user.id}?forget=examples`, {
      method: 'DELETE',
    });
    expect(gone.status).toBe(204);
    expect(await json<Dataset>(await accounts.ask(admin, `${path}/${set.id}`))).toMatchObject({
      counts: { total: 0 },
      versions: [],
    });
    const { entries } = await json<{ entries: { action: string; data: unknown }[] }>(
      await accounts.ask(admin, '/atelier/v1/audit'),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({
        action: 'account.forget',
        data: expect.objectContaining({ examples: 1, versions: 1 }),
      }),
    );
  } finally {
    await accounts.close();
  }
});
