// Endpoints over a real store and a real socket: rows, sealed keys, model lists, calls through the gateway, and each way
// in which an endpoint can fail.
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chunk, events, type FakeEndpoint, json, startFakeEndpoint } from '../../test/fake-endpoint.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { AtelierError } from '../contracts/errors.ts';
import { localIdentity } from '../contracts/identity.ts';
import type { TokenLogprob } from '../contracts/model.ts';
import type { ProviderInput } from '../contracts/provider.ts';
import { createHttp } from '../lib/http.ts';
import { createLog, silentLog } from '../lib/log.ts';
import { createLedger } from '../monitoring/create-ledger.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { createSealer } from '../store/secrets.ts';
import { createEndpoints } from './create-endpoints.ts';
import { createGateway } from './create-gateway.ts';
import { createRegistry } from './create-registry.ts';
import type { Endpoints } from './endpoints.ts';
import type { Gateway } from './gateway.ts';
import { directLoopback } from './providers/remote/provider-fetch.ts';
import type { ModelRegistry } from './registry.ts';

const sealer = createSealer({ dataDir: '/', secret: 'a secret of this test' });
const KEY = 'sk-very-secret-0123456789';
let opened: TestStore;
let far: FakeEndpoint;
let ledger: Ledger;
let endpoints: Endpoints;
let registry: ModelRegistry;
let gateway: Gateway;
let logged: string;

beforeEach(async () => {
  opened = await openTestStore();
  far = await startFakeEndpoint();
  logged = '';
  const log = createLog('debug', (line) => {
    logged += line;
  });
  const { store } = opened;
  ledger = createLedger({ store, log, keepContent: () => true });
  endpoints = createEndpoints({
    store,
    sealer,
    log,
  });
  registry = createRegistry({ store, providers: () => endpoints.providers(), changes: [endpoints.onChange] });
  gateway = createGateway({ registry, ledger });
  far.on('GET /v1/models', (response) =>
    json(response, 200, {
      object: 'list',
      data: [{ id: 'far-model', context_length: 4096 }, { id: 'org/other' }, { id: 'bge-m3' }],
    }),
  );
});
afterEach(async () => {
  await ledger.close();
  await far.close();
  await opened.dispose();
});

const input = (more: Partial<ProviderInput> = {}): ProviderInput => ({
  kind: 'openai-compatible',
  name: 'Far away',
  baseUrl: far.baseUrl,
  apiKey: KEY,
  ...more,
});
const context = { identity: localIdentity, source: 'api' };
const ask = (text: string, more: Partial<LanguageModelV4CallOptions> = {}): LanguageModelV4CallOptions => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
  ...more,
});

async function failureOf(promise: Promise<unknown>): Promise<AtelierError> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof AtelierError)) throw new Error(`expected an AtelierError, got ${String(outcome)}`);
  return outcome;
}

/** Everything a failed call leaves: the error, the log and the ledger. Nowhere may the key stand. */
async function expectNoKey(error: AtelierError): Promise<void> {
  await ledger.flush();
  let dump = logged + JSON.stringify(error) + error.stack + JSON.stringify(error.cause ?? null);
  for await (const line of ledger.exportTraces({ limit: 200 }, null)) dump += line;
  dump += JSON.stringify(await endpoints.list());
  expect(dump).not.toContain(KEY);
}

describe('configuring an endpoint', () => {
  test('asks for its models, keeps the key sealed and never shows it', async () => {
    const provider = await endpoints.create(input());
    expect(provider).toMatchObject({
      id: 'far-away',
      hasKey: true,
      state: 'ready',
      error: null,
      models: [
        { name: 'far-model', contextLength: 4096, price: { kind: 'unknown' } },
        { name: 'org/other', contextLength: null },
        { name: 'bge-m3', contextLength: null },
      ],
    });
    expect(far.requests[0]!.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(JSON.stringify(provider)).not.toContain(KEY);
    const row = await opened.store.db.selectFrom('providers').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain(KEY);
    const infos = await registry.list();
    expect(infos.map((info) => [info.id, info.kind])).toEqual([
      ['far-away/far-model', 'chat'],
      ['far-away/org/other', 'chat'],
      ['far-away/bge-m3', 'embedding'],
    ]);
    expect(infos[0]!.place).toEqual({ kind: 'remote', host: far.host });
  });

  test('headers are sent, sealed and not shown', async () => {
    const provider = await endpoints.create(input({ apiKey: null, headers: { 'x-api-key': KEY } }));
    expect(far.requests[0]!.headers['x-api-key']).toBe(KEY);
    const row = await opened.store.db.selectFrom('providers').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify([row, provider])).not.toContain(KEY);
    expect(provider.hasKey).toBe(false);
  });

  test.each([
    ['the bare address', ''],
    ['a trailing slash', '/v1/'],
    ['a pasted route', '/v1/chat/completions'],
  ])('%s finds the API', async (_name, path) => {
    const provider = await endpoints.create(input({ baseUrl: `http://${far.host}${path}` }));
    expect(provider).toMatchObject({ state: 'ready', baseUrl: far.baseUrl });
  });

  test.each([
    ['a refused key', 401, 'unauthorized', 'provider_unauthorized'],
    ['a failing server', 500, 'unreachable', 'provider_failed'],
  ])('%s is stored as the state of the endpoint', async (_name, status, state, code) => {
    far.on('GET /v1/models', (response) => json(response, status, { error: { message: `bad key ${KEY}` } }));
    const provider = await endpoints.create(input());
    expect(provider).toMatchObject({ state, error: { code } });
    expect(JSON.stringify(provider)).not.toContain(KEY);
    expect(await registry.list()).toEqual([]);
    far.on('GET /v1/models', (response) => json(response, 200, { data: [{ id: 'm' }] }));
    expect(await endpoints.test({ id: provider.id })).toMatchObject({ ok: true, models: ['m'], error: null });
    expect((await registry.list()).map((info) => info.id)).toEqual(['far-away/m']);
  });

  test('a test without storing stores nothing', async () => {
    const result = await endpoints.test({ input: input() });
    expect(result).toMatchObject({ ok: true, models: ['far-model', 'org/other', 'bge-m3'], error: null });
    expect(result.latencyMs).toBeGreaterThanOrEqual(0);
    expect(await endpoints.list()).toEqual([]);
  });

  test('a page instead of a list is said to be none', async () => {
    far.on('GET /v1/models', (response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    );
    const { error } = await endpoints.test({ input: input() });
    expect(error).toMatchObject({
      code: 'provider_failed',
      message: expect.stringContaining('list of models'),
    });
  });

  test('a redirect is not followed, because the key would travel along', async () => {
    far.on('GET /v1/models', (response) =>
      response.writeHead(307, { location: 'http://other.invalid/v1/models' }).end(),
    );
    const { error } = await endpoints.test({ input: input() });
    expect(error).toMatchObject({
      code: 'provider_rejected',
      message: expect.stringContaining('http://other.invalid'),
    });
  });

  test('a closed port and an unknown name are unreachable', async () => {
    for (const baseUrl of ['http://127.0.0.1:1/v1', 'http://no-such-host.invalid/v1']) {
      const { error } = await endpoints.test({ input: input({ baseUrl }) });
      expect(error).toMatchObject({ code: 'provider_unreachable', retryable: true });
    }
  });

  test('the list of models is not waited for without end', async () => {
    far.on('GET /v1/models', () => undefined);
    const { store } = opened;
    const hasty = createEndpoints({ store, sealer, log: silentLog, listTimeoutMs: 100 });
    const { error } = await hasty.test({ input: input() });
    expect(error).toMatchObject({
      code: 'provider_unreachable',
      message: expect.stringContaining('within 0.1 s'),
    });
  });

  test.each([
    ['a password in the address', { baseUrl: 'http://me:pass@far.example/v1' }],
    ['no web address', { baseUrl: 'ftp://far.example' }],
    ['a key with a line break', { apiKey: 'sk-1\nx' }],
    ['a header that is none', { headers: { 'bad header': 'x' } }],
  ])('%s is refused', async (_name, more) => {
    expect(await failureOf(endpoints.create(input(more)))).toMatchObject({ code: 'invalid_request' });
  });

  test('ids: free ones are found, taken and reserved ones refused', async () => {
    await endpoints.create(input());
    expect((await endpoints.create(input())).id).toBe('far-away-2');
    expect((await endpoints.create(input({ name: 'Local' }))).id).toBe('local-2');
    expect(await failureOf(endpoints.create(input({ id: 'far-away' })))).toMatchObject({ code: 'conflict' });
    expect(await failureOf(endpoints.create(input({ id: 'scripted' })))).toMatchObject({ code: 'conflict' });
  });

  test('an update keeps the key, takes it away, or asks for it when the host changes', async () => {
    const { id } = await endpoints.create(input());
    expect(await endpoints.update(id, { name: 'Renamed' })).toMatchObject({
      name: 'Renamed',
      hasKey: true,
      state: 'ready',
    });
    const other = await startFakeEndpoint();
    const moved = await failureOf(endpoints.update(id, { baseUrl: other.baseUrl }));
    expect(moved).toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('never sent to a host'),
    });
    expect(other.requests).toEqual([]);
    expect(await endpoints.update(id, { apiKey: null })).toMatchObject({ hasKey: false });
    expect(far.requests.at(-1)!.headers.authorization).toBeUndefined();
    await other.close();
  });

  test('removing it removes its models and prices', async () => {
    const { id } = await endpoints.create(input());
    await registry.setPrice(`${id}/far-model`, { kind: 'none' });
    expect((await endpoints.list())[0]!.models[0]!.price).toEqual({ kind: 'none' });
    await endpoints.remove(id);
    expect(await registry.list()).toEqual([]);
    expect(await opened.store.db.selectFrom('prices').selectAll().execute()).toEqual([]);
    expect(await failureOf(endpoints.remove(id))).toMatchObject({ code: 'not_found' });
  });
});

describe('a call', () => {
  const usage = { prompt_tokens: 12, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } };
  const answer = (more: Record<string, unknown> = {}) => [
    chunk({ delta: { role: 'assistant', content: '' } }),
    chunk({ delta: { content: 'Bon' }, ...more }),
    chunk({ delta: { content: 'jour' }, ...more }),
    chunk({ delta: {}, finish_reason: 'stop' }),
    { ...chunk({}), choices: [], usage },
    '[DONE]',
  ];

  beforeEach(async () => {
    await endpoints.create(input());
    far.on('POST /v1/chat/completions', (response) => {
      events(response, answer());
      response.end();
    });
  });

  const call = (text = 'Hello', more: Partial<LanguageModelV4CallOptions> = {}) =>
    gateway.generate('far-away/far-model', ask(text, more), context);

  test('answers, with its usage and an unknown cost until a price is entered', async () => {
    const first = await call('Hello', {
      temperature: 0.2,
      maxOutputTokens: 50,
      stopSequences: ['###'],
      seed: 4,
    });
    expect(first.content).toEqual([{ type: 'text', text: 'Bonjour' }]);
    expect(far.requests.at(-1)).toMatchObject({
      headers: { authorization: `Bearer ${KEY}` },
      body: {
        model: 'far-model',
        stream: true,
        stream_options: { include_usage: true },
        temperature: 0.2,
        max_tokens: 50,
        stop: ['###'],
        seed: 4,
        messages: [{ role: 'user', content: 'Hello' }],
      },
    });
    await ledger.flush();
    expect((await ledger.getTrace(first.traceId, null)).summary).toMatchObject({
      usage: { input: 12, output: 3, cacheRead: 4 },
      cost: { kind: 'unknown' },
    });
    await registry.setPrice('far-away/far-model', {
      kind: 'tokens',
      input: 1e9,
      output: 2e9,
      cacheRead: 5e8,
      cacheWrite: null,
      source: 'entered by hand',
      date: '2026-01-01',
    });
    const second = await call();
    await ledger.flush();
    expect((await ledger.getTrace(second.traceId, null)).summary.cost).toEqual({
      kind: 'known',
      nanoDollars: 8 * 1000 + 4 * 500 + 3 * 2000,
    });
  });

  test('log-probabilities are asked for and come back with their tokens; what cannot be honoured is warned of', async () => {
    far.on('POST /v1/chat/completions', (response) => {
      const entry = (token: string) => ({
        token,
        logprob: -0.5,
        bytes: [1],
        top_logprobs: [{ token, logprob: -0.5, bytes: null }],
      });
      events(response, [
        chunk({ delta: { content: 'Bon' }, logprobs: { content: [entry('Bo'), entry('n')] } }),
        chunk({ delta: { content: 'jour' }, logprobs: { content: [entry('jour')] } }),
        chunk({ delta: {}, finish_reason: 'stop' }, { usage }),
        '[DONE]',
      ]);
      response.end();
    });
    const atelier = { logprobs: true, topLogprobs: 1, logitBias: { '5': -100 }, minP: 0.1 };
    const result = await call('x', { providerOptions: { atelier } });
    const logprobs = result.providerMetadata?.atelier?.logprobs as unknown as TokenLogprob[];
    expect(logprobs.map((one) => one.token)).toEqual(['Bo', 'n', 'jour']);
    expect(logprobs[0]).toEqual({
      token: 'Bo',
      tokenId: null,
      logprob: -0.5,
      bytes: [1],
      top: [{ token: 'Bo', logprob: -0.5, bytes: null }],
    });
    expect(far.requests.at(-1)!.body).toMatchObject({
      logprobs: true,
      top_logprobs: 1,
      logit_bias: { '5': -100 },
    });
    expect(JSON.stringify(far.requests.at(-1)!.body)).not.toContain('atelier');
    expect(result.warnings).toContainEqual({ type: 'unsupported', feature: 'minP' });
  });

  test('a tool call', async () => {
    far.on('POST /v1/chat/completions', (response) => {
      const part = (fields: Record<string, unknown>) =>
        chunk({ delta: { tool_calls: [{ index: 0, ...fields }] } });
      events(response, [
        part({ id: 'call_1', type: 'function', function: { name: 'add', arguments: '' } }),
        part({ function: { arguments: '{"a":' } }),
        part({ function: { arguments: '1}' } }),
        chunk({ delta: {}, finish_reason: 'tool_calls' }, { usage }),
        '[DONE]',
      ]);
      response.end();
    });
    const tools = [
      { type: 'function', name: 'add', inputSchema: { type: 'object', properties: {} } },
    ] as const;
    const result = await call('x', { tools: [...tools] });
    expect(result.content).toEqual([
      { type: 'tool-call', toolCallId: 'call_1', toolName: 'add', input: '{"a":1}' },
    ]);
    expect(result.finishReason.unified).toBe('tool-calls');
  });

  test('embeddings', async () => {
    far.on('POST /v1/embeddings', (response, request) => {
      const { input: values } = request.body as { input: string[] };
      json(response, 200, {
        data: values.map((_, i) => ({ index: i, embedding: [i, 1] })),
        usage: { prompt_tokens: 5 },
      });
    });
    const { embeddings, usage: spent } = await gateway.embed('far-away/bge-m3', ['a', 'b'], context);
    expect(embeddings).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(spent).toEqual({ tokens: 5 });
  });

  test.each([
    [401, { error: { message: `Incorrect API key provided: ${KEY}` } }, {}, 'provider_unauthorized', {}],
    [403, 'no', {}, 'provider_unauthorized', {}],
    [404, { error: { message: 'model not found' } }, {}, 'model_not_found', { model: 'far-model' }],
    [
      429,
      { error: { message: 'slow down' } },
      { 'retry-after': '7' },
      'provider_rate_limited',
      { retryAfterSeconds: 7 },
    ],
    [429, {}, { 'retry-after-ms': '1500' }, 'provider_rate_limited', { retryAfterSeconds: 1.5 }],
    [429, {}, {}, 'provider_rate_limited', { retryAfterSeconds: null }],
    [
      400,
      { error: { message: 'temperature too high' } },
      {},
      'provider_rejected',
      { upstream: 'temperature too high' },
    ],
    [422, { detail: 'bad field' }, {}, 'provider_rejected', { upstream: 'bad field' }],
    [
      400,
      {
        error: {
          code: 'context_length_exceeded',
          message: "This model's maximum context length is 4096 tokens.",
        },
      },
      {},
      'context_overflow',
      {},
    ],
    [
      400,
      {
        error: {
          code: 400,
          message: 'the request exceeds the available context size',
          type: 'exceed_context_size_error',
          n_prompt_tokens: 5000,
          n_ctx: 4096,
        },
      },
      {},
      'context_overflow',
      { promptTokens: 5000, contextLength: 4096 },
    ],
    [500, { error: 'out of memory' }, {}, 'provider_failed', { upstream: 'out of memory' }],
    [503, '<html>busy</html>', {}, 'provider_failed', {}],
    [302, '', { location: 'http://other.invalid/' }, 'provider_rejected', {}],
  ])('%i %j becomes its error', async (status, body, headers, code, data) => {
    far.on('POST /v1/chat/completions', (response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    const requests = far.requests.length;
    const error = await failureOf(call('my private question'));
    expect(error).toMatchObject({ code, data: { provider: 'far-away', host: far.host, ...data } });
    expect(far.requests.length).toBe(requests + 1);
    expect(JSON.stringify(error)).not.toContain('my private question');
    await expectNoKey(error);
    const { traces } = await ledger.listTraces({ limit: 1 }, null);
    expect((await ledger.getTrace(traces[0]!.traceId, null)).spans[0]).toMatchObject({
      status: 'error',
      error: { code },
    });
  });

  test('a server that went away is unreachable', async () => {
    await far.close();
    const error = await failureOf(call());
    expect(error).toMatchObject({
      code: 'provider_unreachable',
      retryable: true,
      // An idle connection may be noticed as closed before a new one is refused.
      message: expect.stringMatching(/nothing listens there|connection was closed/),
    });
  });

  test('an idle connection that the endpoint has closed is no failure of the next call', async () => {
    await call();
    let cut = 0;
    far.on('POST /v1/chat/completions', (response) => {
      // As a connection ends that is closed at the very moment at which the request arrives.
      if (cut++ === 0) return void response.socket?.destroy();
      events(response, answer());
      response.end();
    });
    expect((await call()).content).toEqual([{ type: 'text', text: 'Bonjour' }]);
    expect(cut).toBe(2);
  });

  test('an endpoint that always closes is asked twice and no more, and one that began to answer once', async () => {
    let asked = 0;
    far.on('POST /v1/chat/completions', (response) => {
      asked += 1;
      response.socket?.destroy();
    });
    expect(await failureOf(call())).toMatchObject({ code: 'provider_unreachable' });
    expect(asked).toBe(2);
    asked = 0;
    far.on('POST /v1/chat/completions', (response) => {
      asked += 1;
      events(response, answer().slice(0, 2));
      setTimeout(() => response.socket?.destroy(), 20);
    });
    expect(await failureOf(call())).toMatchObject({ code: 'provider_failed' });
    expect(asked).toBe(1);
  });

  test('a slow first byte is waited for, and an abort ends the request on the other side too', async () => {
    const closed = new Promise<void>((resolve) => {
      far.on('POST /v1/chat/completions', (response) => void response.on('close', () => resolve()));
    });
    const started = performance.now();
    const error = await failureOf(call('x', { abortSignal: AbortSignal.timeout(100) }));
    expect(error.code).toBe('cancelled');
    expect(performance.now() - started).toBeLessThan(1500);
    await closed;
  });

  test('stop in the middle closes the connection and keeps what was written', async () => {
    const closed = new Promise<void>((resolve) => {
      far.on('POST /v1/chat/completions', (response) => {
        events(response, answer().slice(0, 2));
        response.on('close', () => resolve());
      });
    });
    const stop = new AbortController();
    const { stream, traceId } = await gateway.stream(
      'far-away/far-model',
      ask('x', { abortSignal: stop.signal }),
      context,
    );
    const parts: LanguageModelV4StreamPart[] = [];
    for await (const part of stream) {
      parts.push(part);
      if (part.type === 'text-delta') stop.abort();
    }
    expect(parts.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'cancelled', data: { usage: null } },
    });
    await closed;
    await ledger.flush();
    const trace = await ledger.getTrace(traceId, null);
    // It was charged for something, and nobody said how much.
    expect(trace.summary).toMatchObject({ status: 'cancelled', cost: { kind: 'unknown' } });
    expect(trace.spans.find((span) => span.kind === 'model')!.output).toEqual([
      { type: 'text', text: 'Bon' },
    ]);
  });

  test.each<[string, unknown[], 'end' | 'destroy', string]>([
    ['cut by a closed socket', answer().slice(0, 3), 'destroy', 'provider_failed'],
    ['ended without a finish', answer().slice(0, 3), 'end', 'provider_failed'],
    ['a malformed event', [...answer().slice(0, 2), '{"choices": [{"del'], 'end', 'provider_failed'],
    ['an event of another shape', [...answer().slice(0, 2), '{"hello": "world"}'], 'end', 'provider_failed'],
    [
      'an error event',
      [...answer().slice(0, 2), { error: { message: 'GPU lost', type: 'server_error' } }],
      'end',
      'provider_failed',
    ],
    [
      'a rate limit as an event',
      [...answer().slice(0, 2), { error: { message: 'slow', code: 'rate_limit_exceeded' } }],
      'end',
      'provider_rate_limited',
    ],
  ])('a stream that is %s: the text so far, then one error', async (_name, list, ending, code) => {
    far.on('POST /v1/chat/completions', (response) => {
      events(response, list);
      setTimeout(() => (ending === 'end' ? response.end() : response.destroy()), 30);
    });
    const { stream, traceId } = await gateway.stream('far-away/far-model', ask('private words'), context);
    const parts: LanguageModelV4StreamPart[] = [];
    for await (const part of stream) parts.push(part);
    expect(parts.some((part) => part.type === 'text-delta' && part.delta === 'Bon')).toBe(true);
    expect(parts.filter((part) => part.type === 'error')).toHaveLength(1);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code } });
    const { error } = parts.at(-1) as unknown as { error: AtelierError };
    expect(error.message).not.toContain('private');
    await ledger.flush();
    expect((await ledger.getTrace(traceId, null)).summary.status).toBe('error');
  });

  test.each([
    ['text/html; charset=utf-8', '<html>hello</html>'],
    ['application/json', '{"choices":[]}'],
  ])('an answer of type %s where events were due is an error that says so', async (type, body) => {
    far.on('POST /v1/chat/completions', (response) =>
      response.writeHead(200, { 'content-type': type }).end(body),
    );
    const error = await failureOf(call());
    expect(error).toMatchObject({ code: 'provider_failed', data: { contentType: type } });
  });
});

describe('the way out', () => {
  /** A proxy that only knows CONNECT and plain forwarding by absolute address, and counts. */
  async function startProxy() {
    let uses = 0;
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (first) => {
        uses += 1;
        const head = first.toString('latin1');
        const connectTo = /^CONNECT ([^ :]+):(\d+)/.exec(head);
        const direct = /^\w+ http:\/\/([^/: ]+):(\d+)/.exec(head);
        const upstream = connect(Number((connectTo ?? direct)![2]), '127.0.0.1', () => {
          if (connectTo) socket.write('HTTP/1.1 200 OK\r\n\r\n');
          else upstream.write(first);
          socket.pipe(upstream).pipe(socket);
        });
        upstream.on('error', () => socket.destroy());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      uses: () => uses,
      close: () => server.close(),
    };
  }

  test('a proxy of the environment is used, but not for this machine', async () => {
    const proxy = await startProxy();
    const http = createHttp({ env: directLoopback({ HTTP_PROXY: proxy.url }) });
    const { store } = opened;
    const proxied = createEndpoints({
      store,
      sealer,
      log: silentLog,
      http,
    });
    expect(await proxied.test({ input: input() })).toMatchObject({ ok: true });
    expect(proxy.uses()).toBe(0);
    const port = far.host.split(':')[1];
    expect(
      await proxied.test({ input: input({ baseUrl: `http://model.invalid:${port}/v1` }) }),
    ).toMatchObject({ ok: true });
    expect(proxy.uses()).toBe(1);
    await http.close();
    proxy.close();
  });
});
