// Prompts over HTTP: kept, labelled, rendered and answered, with what that leaves in the ledger.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import type { AnswerEvent } from '../../contracts/playground.ts';
import type { Prompt } from '../../contracts/prompt.ts';
import type { Trace } from '../../contracts/span.ts';

let app: TestApp;
const prompts = '/atelier/v1/prompts';

beforeAll(async () => {
  app = await createTestApp();
  const made = await app.send(prompts, {
    name: 'letter',
    body: {
      messages: [{ role: 'user', text: 'Dear {{name}}' }],
      model: 'scripted/echo',
      parameters: { seed: 7 },
    },
    note: 'first',
  });
  expect(made.status).toBe(201);
});
afterAll(() => app.close());

const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;

describe('prompts over HTTP', () => {
  test('a version and a label', async () => {
    const added = await app.send(`${prompts}/letter/versions`, {
      body: { messages: [{ role: 'user', text: 'Hello {{name}}, {{wish}}' }] },
      note: 'warmer',
    });
    expect(added.status).toBe(201);
    expect(await json<Prompt>(added)).toMatchObject({ versions: 2, latest: { variables: ['name', 'wish'] } });
    const put = await app.send(`${prompts}/letter/labels/production`, { version: 1 }, { method: 'PUT' });
    expect(await json<Prompt>(put)).toMatchObject({ labels: { production: 1 } });
    const list = await json<{ prompts: Prompt[] }>(await app.request(`${prompts}?query=prod`));
    expect(list.prompts.map(({ name }) => name)).toEqual(['letter']);
    const { versions } = await json<{ versions: { note: string }[] }>(
      await app.request(`${prompts}/letter/versions`),
    );
    expect(versions.map(({ note }) => note)).toEqual(['warmer', 'first']);
    expect((await app.request(`${prompts}/letter/versions/2`)).status).toBe(200);
  });

  test('rendered with values, by label or by version', async () => {
    const rendered = await app.send(`${prompts}/letter/render`, { variables: { name: 'Ada' } });
    expect(await rendered.json()).toMatchObject({
      version: 1,
      messages: [{ role: 'user', text: 'Dear Ada' }],
    });
    const newest = await app.send(`${prompts}/letter/render`, {
      label: 'latest',
      variables: { name: 'Ada', wish: 'welcome' },
    });
    expect(await newest.json()).toMatchObject({ version: 2, messages: [{ text: 'Hello Ada, welcome' }] });
  });

  test.each([
    ['a variable without a value', `${prompts}/letter/render`, { variables: {} }, 400, 'invalid_request'],
    ['an unknown prompt', `${prompts}/none/render`, {}, 404, 'not_found'],
    [
      'an unknown version',
      `${prompts}/letter/run`,
      { version: 9, variables: { name: 'x' } },
      404,
      'not_found',
    ],
    [
      'a name with a space',
      prompts,
      { name: 'a b', body: { messages: [{ role: 'user', text: 'x' }] } },
      400,
      'invalid_request',
    ],
    [
      'a name that is taken',
      prompts,
      { name: 'letter', body: { messages: [{ role: 'user', text: 'x' }] } },
      409,
      'conflict',
    ],
    ['a body without messages', prompts, { name: 'empty', body: { messages: [] } }, 400, 'invalid_request'],
    [
      'an unknown model',
      `${prompts}/letter/run`,
      { variables: { name: 'x' }, model: 'scripted/none' },
      404,
      'model_not_found',
    ],
  ])('refuses %s', async (_what, path, body, status, code) => {
    const response = await app.send(path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  test('answered, and the trace names the prompt and its version', async () => {
    const response = await app.send(`${prompts}/letter/run`, { variables: { name: 'Ada' } });
    const answer = await json<{ text: string; receipt: { traceId: string; model: string } }>(response);
    expect(answer).toMatchObject({
      text: 'Dear Ada',
      prompt: { name: 'letter', version: 1 },
      receipt: { model: 'scripted/echo' },
    });
    await app.services.ledger.flush();
    const trace = await json<Trace>(await app.request(`/atelier/v1/traces/${answer.receipt.traceId}`));
    expect(trace.spans.find(({ parentId }) => parentId === null)?.attributes).toMatchObject({
      'atelier.prompt.name': 'letter',
      'atelier.prompt.version': 1,
      'gen_ai.request.seed': 7,
    });
  });

  test('answered on the wire of OpenAI, and that trace names it too', async () => {
    const response = await app.send('/v1/responses', {
      model: 'scripted/echo',
      prompt: { id: 'letter', version: '1', variables: { name: 'Bob' } },
    });
    expect(JSON.stringify(await response.json())).toContain('Dear Bob');
    await app.services.ledger.flush();
    const { traces } = await json<{ traces: { traceId: string }[] }>(
      await app.request('/atelier/v1/traces?limit=1'),
    );
    const trace = await json<Trace>(await app.request(`/atelier/v1/traces/${traces[0]?.traceId}`));
    expect(trace.spans.find(({ parentId }) => parentId === null)?.attributes).toMatchObject({
      'atelier.prompt.name': 'letter',
      'atelier.prompt.version': 1,
    });
  });

  test('answered in a stream', async () => {
    const response = await app.send(`${prompts}/letter/run`, { variables: { name: 'Ada' }, stream: true });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = (await response.text())
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)) as AnswerEvent);
    expect(events.map((event) => (event.type === 'text' ? event.delta : '')).join('')).toBe('Dear Ada');
    expect(events.at(-1)?.type).toBe('finish');
  });

  test('hidden and brought back by its id', async () => {
    const hidden = await json<Prompt>(await app.request(`${prompts}/letter`, { method: 'DELETE' }));
    expect((await app.request(`${prompts}/letter`)).status).toBe(404);
    expect((await app.request(`${prompts}/${hidden.id}/restore`, { method: 'POST' })).status).toBe(200);
    expect(await json<Prompt>(await app.request(`${prompts}/letter`))).toMatchObject({ versions: 2 });
  });
});
