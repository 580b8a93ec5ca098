// Bodies that pass through: what the provider is given and what comes back, and where a relayed response lives.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import type { WireRequest } from '../../../models/model-call.ts';

let app: TestApp;
let asked: { model: string; wire: WireRequest }[];
let answers: string | null;

beforeEach(async () => {
  app = await createTestApp();
  asked = [];
  answers = null;
  app.services.gateway.relay = async (model, wire) => {
    asked.push({ model, wire });
    if (answers === null) return null;
    const bytes = new TextEncoder().encode(answers);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        // Cut where it hurts: within the id.
        for (let at = 0; at < bytes.length; at += 10) controller.enqueue(bytes.slice(at, at + 10));
        controller.close();
      },
    });
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream', 'set-cookie': 'no', 'x-request-id': 'theirs' },
      body,
      model: { id: 'upstream/big' } as ModelInfo,
      traceId: 'trace1',
      limits: { requests: { limit: 5, remaining: 4, resetMs: 2000 }, tokens: null },
      warnings: ['nearly spent'],
    };
  };
});
afterEach(() => app.close());

const local = 'scripted/script';

test('a chat body goes on untouched, parts that we do not know included, and so does the answer', async () => {
  answers = 'data: {"strange": true}\n\ndata: [DONE]\n\n';
  const body = {
    model: 'upstream/big',
    messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AAAA' } }] }],
    verbosity: 'low',
  };
  const response = await app.send('/v1/chat/completions', body, {
    headers: { authorization: 'Bearer secret', 'openai-beta': 'x=1', cookie: 'a=b' },
  });
  expect(await response.text()).toBe(answers);
  expect(asked).toMatchObject([{ model: 'upstream/big', wire: { dialect: 'openai-chat', body } }]);
  expect(asked[0]?.wire.headers).toEqual({ 'openai-beta': 'x=1' });
  const { headers } = response;
  expect(headers.get('content-type')).toBe('text/event-stream');
  expect(headers.get('set-cookie')).toBeNull();
  expect(headers.get('x-request-id')).not.toBe('theirs');
  expect(headers.get('x-atelier-trace-id')).toBe('trace1');
  expect(headers.get('x-atelier-model')).toBe('upstream/big');
  expect(headers.get('x-atelier-warning')).toBe('nearly spent');
  expect(headers.get('x-ratelimit-remaining-requests')).toBe('4');
  expect(headers.get('x-ratelimit-reset-requests')).toBe('2s');
});

test('a body that is no request is judged here', async () => {
  for (const body of [{ messages: [] }, { model: 3 }, [1]])
    expect((await app.send('/v1/chat/completions', body)).status).toBe(400);
  expect(asked).toEqual([]);
});

test('a spent budget is a 429 that no client tries again, on each route', async () => {
  const resetsAt = Date.UTC(2026, 11, 1);
  const refusal = new AtelierError('budget_exceeded', 'The budget of this key is spent.', {
    data: { resetsAt },
  });
  app.services.gateway.stream = async () => {
    throw refusal;
  };
  for (const [path, body] of [
    ['/v1/chat/completions', { messages: [{ role: 'user', content: 'x' }], stream: true }],
    ['/v1/completions', { prompt: 'x' }],
    ['/v1/responses', { input: 'x' }],
  ] as const) {
    const response = await app.send(path, { model: local, ...body });
    expect(response.status, path).toBe(429);
    expect(response.headers.get('x-should-retry')).toBe('false');
    const { error } = await response.json();
    expect(error).toMatchObject({ code: 'insufficient_quota', type: 'insufficient_quota' });
    expect(error.message).toContain('2026-12-01');
  }
});

async function respond(body: object): Promise<{ status: number; text: string }> {
  const response = await app.send('/v1/responses', body);
  return { status: response.status, text: await response.text() };
}

test('a relayed response is gone on from there, by its owner alone', async () => {
  answers = 'event: response.created\ndata: {"type":"response.created","response":{"id":"resp_theirs1"}}\n\n';
  const first = await respond({ model: 'upstream/big', input: 'Hi', stream: true, service_tier: 'flex' });
  expect(first).toEqual({ status: 200, text: answers });
  const row = await app.services.responses.get('local', 'resp_theirs1');
  expect(row).toMatchObject({ model: 'upstream/big', status: 'relayed', traceId: 'trace1' });

  const next = { model: 'upstream/big', previous_response_id: 'resp_theirs1', input: 'And?' };
  expect((await respond(next)).status).toBe(200);
  expect(asked[1]?.wire).toMatchObject({ dialect: 'openai-responses', body: next });

  // What is read here cannot be: its provider has it.
  const read = await app.request('/v1/responses/resp_theirs1');
  expect(read.status).toBe(400);
  expect((await read.json()).error.message).toContain('upstream/big');

  // A model that is not of that provider knows nothing of it.
  answers = null;
  const other = await respond({ model: local, previous_response_id: 'resp_theirs1', input: 'x' });
  expect(other.status).toBe(400);

  // Whoever else knows the id does not reach the provider with it.
  await app.services.responses.remove('local', 'resp_theirs1');
  await app.services.responses.put({ ...row!, userId: 'ada' });
  const count = asked.length;
  const foreign = await respond(next);
  expect(foreign.status).toBe(400);
  expect(foreign.text).toContain('previous_response_not_found');
  expect(asked).toHaveLength(count);
});

test('what is not to be stored, or is kept here, leaves no row there', async () => {
  answers = '{"id":"resp_theirs2","object":"response"}';
  await respond({ model: 'upstream/big', input: 'Hi', store: false });
  expect(await app.services.responses.get('local', 'resp_theirs2')).toBeNull();

  answers = null;
  const own = JSON.parse((await respond({ model: local, input: '#text Hi' })).text) as { id: string };
  answers = '{"id":"resp_theirs3"}';
  const count = asked.length;
  // Going on from what was written here, and what runs in the background, is ours to do.
  await respond({ model: local, previous_response_id: own.id, input: '#text Yes' });
  await respond({ model: local, input: '#text Yes', background: true });
  expect(asked).toHaveLength(count);
});

test('a conversation of the provider, which is everybody’s who knows its name, is not reached', async () => {
  answers = '{"id":"resp_theirs4"}';
  for (const conversation of ['conv_theirs', { id: 'conv_theirs' }]) {
    const response = await respond({ model: 'upstream/big', input: 'Hi', conversation });
    expect(response.status).toBe(400);
    expect(response.text).toContain('previous_response_id');
  }
  // Only a text can be looked up; what a provider makes of anything else is not known.
  expect(
    (await respond({ model: 'upstream/big', input: 'Hi', previous_response_id: ['resp_x'] })).status,
  ).toBe(400);
  expect(asked).toEqual([]);
});
