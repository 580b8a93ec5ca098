// What can go wrong at the other end of a real socket: every adapter and every relay meets each of it. The caller gets one
// error that says what happened, soon, without a secret in it, and no connection stays behind.
import type { ServerResponse } from 'node:http';
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FakeEndpoint, json, startFakeEndpoint } from '../../../test/fake-endpoint.ts';
import { type ProviderWire, providerWires, type WireKind } from '../../../test/provider-wires.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { createHttp, type Http } from '../../lib/http.ts';
import type { WireDialect } from '../model-call.ts';
import { watchStream } from '../watch-stream.ts';
import { providerAdapters } from './provider-adapters.ts';
import { createRelayReader } from './relay/read-usage.ts';
import { relay } from './relay/relay.ts';
import { createProviderFetch } from './remote/provider-fetch.ts';
import { createRemoteLanguageModel } from './remote/remote-language-model.ts';

const KEY = 'sk-very-secret-0123456789';
let far: FakeEndpoint;
let http: Http;
beforeAll(async () => {
  far = await startFakeEndpoint();
});
// A client each way, because one reads the certificates of the machine; what a fault leaves open shows at its end.
const useHttp = () => {
  beforeAll(() => {
    http = createHttp({ env: {} });
  });
  beforeEach(() => far.requests.splice(0));
};
afterAll(() => far.close());

/** Those that answered are idle and close with the client; one that broke must not be open either. */
async function expectNoSocket(): Promise<void> {
  await http.close();
  await expect.poll(() => far.sockets(), { timeout: 2000 }).toBe(0);
}

interface Outcome {
  text: string;
  error: unknown;
  malformed: number;
}

interface Way {
  name: string;
  kind: WireKind;
  call(signal: AbortSignal): Promise<Outcome>;
}

const connectionTo = (kind: WireKind) => ({
  baseUrl: `http://${far.host}${providerWires[kind].path}`,
  region: providerWires[kind].region ?? null,
  apiKey: KEY,
  headers: { 'x-also-secret': `${KEY}-too` },
  facts: { id: 'far', host: far.host, model: 'far-model', secrets: [`${KEY}-too`, KEY] },
});

async function throughAdapter(kind: WireKind, signal: AbortSignal): Promise<Outcome> {
  const connection = connectionTo(kind);
  const model = createRemoteLanguageModel(providerAdapters[kind], {
    ...connection,
    name: 'far-model',
    price: { kind: 'unknown' },
    fetch: createProviderFetch(http, connection.facts),
  });
  let text = '';
  try {
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'private words' }] }];
    const { stream } = await model.doStream({ prompt, abortSignal: signal });
    // As the gateway does it: one error at most, and an answer without an end is one.
    const watched = watchStream(stream, { part: () => undefined, end: () => undefined });
    for await (const part of watched as AsyncIterable<LanguageModelV4StreamPart>) {
      if (part.type === 'text-delta') text += part.delta;
      if (part.type === 'error') return { text, error: part.error, malformed: 0 };
    }
    return { text, error: null, malformed: 0 };
  } catch (error) {
    return { text, error, malformed: 0 };
  }
}

async function throughRelay(kind: WireKind, dialect: WireDialect, signal: AbortSignal): Promise<Outcome> {
  let reader = createRelayReader(dialect, 'text/event-stream');
  try {
    const answer = await relay({
      http,
      adapter: providerAdapters[kind],
      connection: connectionTo(kind),
      name: 'far-model',
      wire: { dialect, body: { model: 'ours', stream: true, input: 'private words' }, headers: {}, signal },
    });
    reader = createRelayReader(dialect, answer.headers['content-type'] ?? '');
    for await (const bytes of answer.body) reader.push(bytes);
    const { text, error, finishReason, malformed } = reader.end();
    const unfinished = finishReason === null ? new AtelierError('provider_failed', 'no end') : null;
    return { text, error: error === null ? unfinished : answer.toError(error), malformed };
  } catch (error) {
    return { text: reader.end().text, error, malformed: 0 };
  }
}

const ways: Way[] = [
  ...(Object.keys(providerWires) as WireKind[]).map((kind) => ({
    name: `${kind}, adapter`,
    kind,
    call: (signal: AbortSignal) => throughAdapter(kind, signal),
  })),
  ...(
    [
      ['openai-compatible', 'openai-chat'],
      ['openai', 'openai-responses'],
      ['anthropic', 'anthropic-messages'],
    ] as const
  ).map(([kind, dialect]) => ({
    name: `${kind}, relay of ${dialect}`,
    kind,
    call: (signal: AbortSignal) => throughRelay(kind, dialect, signal),
  })),
];

type Answer = (response: ServerResponse, wire: ProviderWire) => void;
interface Fault {
  name: string;
  answer: Answer;
  code: string;
  data?: Record<string, unknown>;
  retryable?: boolean;
  /** What of the answer must have come through before. */
  text?: string;
  /** How often the provider may have been asked. */
  asked?: number;
}

const refusing =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response, wire) =>
    json(response, status, wire.refusal(`You sent ${KEY} and ${KEY}-too.`), headers);

/** As many events as carry the first piece of the text. */
const begun: Record<WireKind, number> = {
  openai: 3,
  anthropic: 3,
  google: 1,
  openrouter: 1,
  mistral: 1,
  bedrock: 2,
  ollama: 1,
  'openai-compatible': 1,
};
const kindOf = (wire: ProviderWire) =>
  (Object.keys(providerWires) as WireKind[]).find((kind) => providerWires[kind] === wire) ?? 'openai';
const beginning = (response: ServerResponse, wire: ProviderWire) =>
  wire.answer(response, wire.usage, begun[kindOf(wire)]);

const faults: Fault[] = [
  {
    name: '401',
    answer: refusing(401),
    code: 'provider_unauthorized',
    data: { status: 401 },
    retryable: false,
  },
  {
    name: '429, seconds',
    answer: refusing(429, { 'retry-after': '7' }),
    code: 'provider_rate_limited',
    data: { retryAfterSeconds: 7 },
    retryable: true,
  },
  {
    name: '429, milliseconds',
    answer: refusing(429, { 'retry-after-ms': '1500' }),
    code: 'provider_rate_limited',
    data: { retryAfterSeconds: 1.5 },
    retryable: true,
  },
  {
    name: '429, a date',
    answer: (response, wire) =>
      refusing(429, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() })(response, wire),
    code: 'provider_rate_limited',
    data: { retryAfterSeconds: expect.closeTo(60, -1) },
    retryable: true,
  },
  { name: '500', answer: refusing(500), code: 'provider_failed', data: { status: 500 }, retryable: true },
  {
    name: '503 with a page',
    answer: (response) =>
      void response.writeHead(503, { 'content-type': 'text/html' }).end('<html>busy</html>'),
    code: 'provider_failed',
    data: { status: 503 },
  },
  {
    name: 'cut in mid-stream',
    answer(response, wire) {
      beginning(response, wire);
      setTimeout(() => response.socket?.destroy(), 20);
    },
    code: 'provider_failed',
    text: 'Bon',
  },
  {
    name: 'ended in mid-stream',
    answer(response, wire) {
      beginning(response, wire);
      setTimeout(() => response.end(), 20);
    },
    code: 'provider_failed',
    text: 'Bon',
  },
  {
    name: 'half-closed in mid-stream',
    answer(response, wire) {
      beginning(response, wire);
      // Only its own half: the other side could still be written to.
      setTimeout(() => response.socket?.end(), 20);
    },
    code: 'provider_failed',
    text: 'Bon',
  },
  {
    name: 'half-closed before an answer',
    answer: (response) => void response.socket?.end(),
    code: 'provider_unreachable',
    asked: 2,
  },
  {
    name: 'another type',
    answer: (response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello</html>'),
    code: 'provider_failed',
    data: { contentType: 'text/html' },
  },
  {
    name: 'a redirect',
    answer: (response) =>
      void response.writeHead(307, { location: `http://other.invalid/?key=${KEY}` }).end(),
    code: 'provider_rejected',
  },
];

const limit = () => AbortSignal.timeout(4000);

describe.each(ways)('$name', ({ kind, call }) => {
  useHttp();
  const wire = providerWires[kind];

  test.each(faults)('$name', async ({ answer, code, data = {}, retryable, text = '', asked = 1 }) => {
    far.on(wire.answerRoute, (response) => answer(response, wire));
    const outcome = await call(limit());
    expect(outcome.error).toBeInstanceOf(AtelierError);
    expect(outcome.error).toMatchObject({ code, data, ...(retryable === undefined ? {} : { retryable }) });
    expect(outcome.text).toBe(text);
    expect(far.requests).toHaveLength(asked);
    const said = JSON.stringify(outcome.error) + String((outcome.error as Error).stack);
    expect(said).not.toContain(KEY);
    expect(said).not.toContain('private words');
  });

  test('a malformed event', async () => {
    far.on(wire.answerRoute, (response) => {
      beginning(response, wire);
      response.write(wire.malformed);
      setTimeout(() => response.end(), 20);
    });
    const outcome = await call(limit());
    expect(outcome.text).toBe('Bon');
    expect(outcome.error).toMatchObject({ code: 'provider_failed' });
  });

  test('a slow first byte is waited for', async () => {
    far.on(wire.answerRoute, (response) => {
      setTimeout(() => {
        wire.answer(response, wire.usage);
        response.end();
      }, 150);
    });
    expect(await call(limit())).toEqual({ text: 'Bonjour', error: null, malformed: 0 });
  });

  test.each([
    ['before the first byte', () => undefined],
    ['in mid-stream', beginning],
  ])('a caller that goes away %s ends the request at once', async (_name, answer: Answer) => {
    const closed = new Promise<void>((resolve) => {
      far.on(wire.answerRoute, (response) => {
        answer(response, wire);
        response.on('close', () => resolve());
      });
    });
    const stop = new AbortController();
    const calling = call(stop.signal);
    await expect.poll(() => far.requests.length).toBe(1);
    setTimeout(() => stop.abort(), 30);
    const started = performance.now();
    const { error } = await calling;
    await closed;
    expect(performance.now() - started).toBeLessThan(1500);
    expect(error).not.toBeNull();
  });

  test('after all of it no connection is left', expectNoSocket);
});

describe('a relay', () => {
  useHttp();
  test('ends the request at once when its body is cancelled', async () => {
    const wire = providerWires['openai-compatible'];
    const closed = new Promise<void>((resolve) => {
      far.on(wire.answerRoute, (response) => {
        beginning(response, wire);
        response.on('close', () => resolve());
      });
    });
    const answer = await relay({
      http,
      adapter: providerAdapters['openai-compatible'],
      connection: connectionTo('openai-compatible'),
      name: 'far-model',
      wire: {
        dialect: 'openai-chat',
        body: { stream: true },
        headers: {},
        signal: new AbortController().signal,
      },
    });
    const reader = answer.body.getReader();
    await reader.read();
    await reader.cancel();
    await closed;
    await expectNoSocket();
  });
});
