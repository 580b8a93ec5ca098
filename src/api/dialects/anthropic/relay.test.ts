// A model of Anthropic's behind us: the body reaches it as it came, its bytes come back as they are, and the ledger knows
// what was used. The upstream is a server of the test, on a real socket.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';
import { type FakeEndpoint, startFakeEndpoint } from '../../../../test/fake-endpoint.ts';

let upstream: FakeEndpoint;
let app: TestApp;
let model: string;
beforeEach(async () => {
  upstream = await startFakeEndpoint();
  app = await createTestApp();
  const provider = await app.services.endpoints.create({
    kind: 'anthropic',
    name: 'Upstream',
    baseUrl: upstream.baseUrl,
    apiKey: 'sk-upstream-secret',
    models: ['big'],
  });
  model = `${provider.id}/big`;
});
afterEach(async () => {
  await app.close();
  await upstream.close();
});

const event = (name: string, data: object) => `event: ${name}\ndata:  ${JSON.stringify(data)}\n\n`;
const usage = {
  input_tokens: 10,
  cache_read_input_tokens: 4,
  cache_creation_input_tokens: 0,
  output_tokens: 1,
};
const start = event('message_start', {
  type: 'message_start',
  message: { id: 'msg_up', type: 'message', role: 'assistant', model: 'big', content: [], usage },
});
const written =
  event('content_block_start', {
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'text', text: '' },
  }) +
  event('content_block_delta', {
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: 'Hi' },
  });
const end =
  event('content_block_stop', { type: 'content_block_stop', index: 0 }) +
  event('message_delta', {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 7 },
    novelty: true,
  }) +
  event('message_stop', { type: 'message_stop' });

const body = (more: object = {}) => ({
  model,
  max_tokens: 20,
  messages: [{ role: 'user', content: [{ type: 'hologram', data: 1 }] }],
  context_management: { edits: [] },
  ...more,
});
const headers = {
  'anthropic-version': '2026-10-21',
  'anthropic-beta': 'new-thing-1',
  'x-api-key': 'sk-callers',
};

async function traceOf(response: Response) {
  await app.services.ledger.flush();
  return app.services.ledger.getTrace(response.headers.get('x-atelier-trace-id') ?? '', null);
}

test('a stream, byte for byte, with its usage in the ledger', async () => {
  upstream.on('POST /v1/messages', (response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(start + written + end),
  );
  const response = await app.send('/v1/messages?beta=true', body({ stream: true }), { headers });
  expect(await response.text()).toBe(start + written + end);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect(response.headers.get('request-id')).toMatch(/^req_/);
  expect(response.headers.get('x-atelier-model')).toBe(model);
  const sent = upstream.requests.find(({ method }) => method === 'POST');
  expect(sent?.body).toEqual({ ...body({ stream: true }), model: 'big' });
  expect(sent?.headers).toMatchObject({
    'anthropic-version': '2026-10-21',
    'anthropic-beta': 'new-thing-1',
    'x-api-key': 'sk-upstream-secret',
  });
  const { summary } = await traceOf(response);
  expect(summary).toMatchObject({ status: 'ok', model, usage: { output: 7, cacheRead: 4 } });
});

test('an answer in one piece, and a refusal in our words and its status', async () => {
  const message = { id: 'msg_up', type: 'message', content: [{ type: 'text', text: 'Hi' }], usage, odd: [1] };
  upstream.on('POST /v1/messages', (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message)),
  );
  expect(await (await app.send('/v1/messages', body(), { headers })).json()).toEqual(message);

  upstream.on('POST /v1/messages', (response) =>
    response
      .writeHead(429, { 'content-type': 'application/json', 'retry-after': '7' })
      .end('{"type":"error","error":{"type":"rate_limit_error","message":"Too fast"}}'),
  );
  const refused = await app.send('/v1/messages', body(), { headers });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('7');
  const text = await refused.text();
  expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
  expect(text).not.toContain('sk-');
});

test('a client that goes away lets the upstream go too', async () => {
  let gone = false;
  upstream.on('POST /v1/messages', (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(start + written);
    response.on('close', () => {
      gone = true;
    });
  });
  const abort = new AbortController();
  const response = await fetch(`${await app.url()}/v1/messages`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body({ stream: true })),
    signal: abort.signal,
  });
  await response.body!.getReader().read();
  abort.abort();
  await expect.poll(() => gone, { timeout: 3000 }).toBe(true);
  await expect
    .poll(async () => (await traceOf(response)).summary.status, { timeout: 3000 })
    .toBe('cancelled');
});
