// The wire of Anthropic as a table: requests, and the head, body and trace of their answers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';
import type { WireRequest } from '../../../models/model-call.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const body = (text: string, more: object = {}) => ({
  model: 'scripted/script',
  max_tokens: 100,
  messages: [{ role: 'user', content: text }],
  ...more,
});
const recent = { 'anthropic-version': '2026-10-21' };
const older = { 'anthropic-version': '2023-06-01' };

async function eventsOf(response: Response): Promise<{ name: string; data: Record<string, unknown> }[]> {
  const blocks = (await response.text()).trim().split('\n\n');
  return blocks.map((block) => {
    const [, name = '', data = ''] = /^event: (.*)\ndata: (.*)$/s.exec(block) ?? [];
    return { name, data: JSON.parse(data) as Record<string, unknown> };
  });
}

describe('POST /v1/messages', () => {
  test('a message, its headers and its trace', async () => {
    const response = await app.send('/v1/messages?beta=true', body('#text Hello there'), { headers: older });
    expect(response.status).toBe(200);
    const message = (await response.json()) as Record<string, unknown>;
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'scripted/script',
      content: [{ type: 'text', text: 'Hello there', citations: null }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 4, output_tokens: 2, cache_read_input_tokens: 0 },
    });
    expect(message).not.toHaveProperty('diagnostics');
    expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
    expect(response.headers.get('x-atelier-model')).toBe('scripted/script');
    await app.services.ledger.flush();
    const trace = await app.services.ledger.getTrace(response.headers.get('x-atelier-trace-id') ?? '', null);
    expect(trace.summary).toMatchObject({ status: 'ok', source: 'api' });
    const newer = await app.send('/v1/messages', body('#text Hi'), { headers: recent });
    expect(await newer.json()).toMatchObject({ diagnostics: null, usage: { speed: null } });
  });

  test('a stream: every event with its name, the usage of the whole at its end', async () => {
    const script = '#reasoning Hm\n#text Yes\n#tool f {"a":1}';
    const tools = [{ name: 'f', input_schema: { type: 'object' } }];
    const response = await app.send('/v1/messages', body(script, { stream: true, tools }));
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = await eventsOf(response);
    expect(events.map(({ name }) => name)).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(events.every(({ name, data }) => data.type === name)).toBe(true);
    const input = (events[0]!.data.message as { usage: { input_tokens: number } }).usage.input_tokens;
    expect(input).toBeGreaterThan(0);
    expect(events.at(-2)?.data).toMatchObject({
      delta: { stop_reason: 'tool_use', stop_sequence: null, stop_details: null },
      usage: { input_tokens: input, output_tokens: 3 },
    });
  });

  test('a failure in the middle is an event of its own, and the last', async () => {
    const script = '#text Half\n#error-mid 429 Slow down';
    const events = await eventsOf(await app.send('/v1/messages', body(script, { stream: true })));
    expect(events.at(-1)).toMatchObject({
      name: 'error',
      data: { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } },
    });
    expect(events.some(({ name }) => name === 'message_stop')).toBe(false);
  });

  test('what is left out of a request is said in a header', async () => {
    const response = await app.send(
      '/v1/messages',
      body('#text Hi', { tools: [{ type: 'web_search_20250305', name: 'web_search' }], future: true }),
      { headers: { ...older, 'anthropic-beta': 'context-management-2025-06-27' } },
    );
    expect(response.status).toBe(200);
    const warning = response.headers.get('x-atelier-warning') ?? '';
    expect(warning).toContain('web_search');
    expect(warning).toContain('context-management-2025-06-27');
  });

  test('limits of tokens and stop sequences', async () => {
    const cut = await app.send('/v1/messages', body('#text one two three', { max_tokens: 2 }));
    expect(await cut.json()).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 2 } });
    const stopped = await app.send('/v1/messages', body('#text one STOP two', { stop_sequences: ['STOP'] }));
    expect(await stopped.json()).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'STOP' });
  });

  test.each([
    [body('hi', { max_tokens: 0 }), 400, 'invalid_request_error', 'max_tokens'],
    [{ model: 'scripted/script', max_tokens: 1 }, 400, 'invalid_request_error', 'messages'],
    [
      body('hi', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }),
      400,
      'invalid_request_error',
      'content[0].text',
    ],
    [body('hi', { model: 'nobody/none' }), 404, 'not_found_error', 'nobody/none'],
    [body('#error 429 Slow down'), 429, 'rate_limit_error', 'Slow down'],
    [body('#error 500 Broken'), 502, 'api_error', 'Broken'],
    [
      body('word '.repeat(40_000)),
      400,
      'invalid_request_error',
      'prompt is too long: 40002 tokens > 32768 maximum',
    ],
  ])('a refusal: %#', async (request, status, type, words) => {
    const response = await app.send('/v1/messages', request, { headers: older });
    expect(response.status).toBe(status);
    const id = response.headers.get('request-id');
    expect(id).toMatch(/^req_/);
    const error = await response.json();
    expect(error).toMatchObject({ type: 'error', error: { type }, request_id: id });
    expect((error as { error: { message: string } }).error.message).toContain(words);
  });

  test('a body that is no JSON', async () => {
    const response = await app.request('/v1/messages', { method: 'POST', body: '{"model":' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  test('a provider that speaks this wire gets the body and gives the answer as they are', async () => {
    const seen: WireRequest[] = [];
    const info = (await app.services.registry.resolve('scripted/script')).info;
    const bytes = 'event: message_start\ndata: {"odd":  "spacing"}\n\n';
    const other = await createTestApp({
      replace: {
        gateway: {
          ...app.services.gateway,
          relay: async (_model, wire) => {
            seen.push(wire);
            return {
              status: 200,
              headers: { 'content-type': 'text/event-stream' },
              body: new Response(bytes).body!,
              model: info,
              traceId: 'trace1',
              limits: { requests: { limit: 10, remaining: 9, resetMs: 1500 }, tokens: null },
              warnings: ['The budget is nearly spent.'],
              routed: {
                asked: 'a',
                answered: 'b',
                attempts: 2,
                fallback: true,
                cache: 'miss',
                reason: 'a is down',
              },
            };
          },
        },
      },
    });
    try {
      const strange = { model: 'm', nothing: { we: ['know'] } };
      const response = await other.send('/v1/messages', strange, {
        headers: { ...older, 'anthropic-beta': 'b-1', 'x-api-key': 'sk-secret' },
      });
      expect(await response.text()).toBe(bytes);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'x-atelier-trace-id': 'trace1',
        'x-atelier-model': 'b',
        'x-atelier-fallback': 'a is down',
        'x-atelier-cache': 'miss',
        'x-atelier-warning': 'The budget is nearly spent.',
        'anthropic-ratelimit-requests-limit': '10',
        'anthropic-ratelimit-requests-remaining': '9',
        'anthropic-ratelimit-requests-reset': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      });
      expect(seen[0]).toMatchObject({ dialect: 'anthropic-messages', body: strange });
      expect(seen[0]?.headers).toEqual({ ...older, 'anthropic-beta': 'b-1' });
    } finally {
      await other.close();
    }
  });
});

describe('POST /v1/messages/count_tokens', () => {
  const { max_tokens: _most, ...asked } = body('one two three', { system: 'Be brief.' });

  test('as the model counts', async () => {
    const response = await app.send('/v1/messages/count_tokens?beta=true', asked);
    expect(await response.json()).toEqual({ input_tokens: 7 });
  });

  test('a model that cannot count gets an estimate that says so', async () => {
    const other = await createTestApp({
      replace: { gateway: { ...app.services.gateway, countTokens: async () => null } },
    });
    try {
      const response = await other.send('/v1/messages/count_tokens', asked);
      expect(await response.json()).toEqual({ input_tokens: 6, estimated: true });
      expect(response.headers.get('x-atelier-warning')).toContain('estimate');
    } finally {
      await other.close();
    }
  });

  test('an unknown model', async () => {
    const response = await app.send('/v1/messages/count_tokens', { ...asked, model: 'nobody/none' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { type: 'not_found_error' } });
  });
});

describe('GET /v1/models', () => {
  const get = async (path: string, headers: Record<string, string>) => {
    const response = await app.request(path, { headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test('is Anthropic’s for its clients and OpenAI’s for the others', async () => {
    const { body: theirs } = await get('/v1/models', older);
    expect(theirs).toMatchObject({ has_more: false, first_id: 'scripted/script' });
    expect((theirs.data as Record<string, unknown>[])[0]).toMatchObject({
      type: 'model',
      max_input_tokens: 32_768,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect((theirs.data as Record<string, unknown>[])[0]).not.toHaveProperty('lifecycle');
    const { body: newer } = await get('/v1/models/scripted%2Fecho', recent);
    expect(newer).toMatchObject({ id: 'scripted/echo', lifecycle: 'active', line: null });
    expect((await get('/v1/models', {})).body).toMatchObject({ object: 'list' });
    expect((await get('/v1/models/scripted/echo', {})).body).toMatchObject({ object: 'model' });
  });

  test('page by page, forwards and backwards', async () => {
    const first = await get('/v1/models?limit=1', older);
    expect(first.body).toMatchObject({ has_more: true, last_id: 'scripted/script' });
    const second = await get('/v1/models?limit=1&after_id=scripted%2Fscript', older);
    expect(second.body).toMatchObject({ has_more: false, first_id: 'scripted/echo' });
    const back = await get('/v1/models?limit=1&before_id=scripted%2Fecho', older);
    expect(back.body).toMatchObject({ has_more: false, first_id: 'scripted/script' });
  });

  test('what is not there is an error of this wire', async () => {
    expect(await get('/v1/models/none', older)).toMatchObject({
      status: 404,
      body: { type: 'error', error: { type: 'not_found_error' } },
    });
    expect(await get('/v1/models?limit=0', older)).toMatchObject({ status: 400 });
    expect(await get('/v1/models?after_id=none', older)).toMatchObject({ status: 400 });
  });
});
