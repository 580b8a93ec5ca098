// The gateway over the scripted models, the real registry, the real ledger and a real store.
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { AtelierError } from '../contracts/errors.ts';
import { localIdentity } from '../contracts/identity.ts';
import type { ModelInfo } from '../contracts/model.ts';
import { attribute, type Span } from '../contracts/span.ts';
import { silentLog } from '../lib/log.ts';
import { createLedger } from '../monitoring/create-ledger.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { createGateway } from './create-gateway.ts';
import { createRegistry } from './create-registry.ts';
import type { Gateway } from './gateway.ts';
import type { CallContext } from './model-call.ts';
import { countScriptedTokens, createScriptedProvider } from './providers/scripted/scripted-provider.ts';
import type { ModelProvider, ModelRegistry } from './registry.ts';

let opened: TestStore;
let ledger: Ledger;
let registry: ModelRegistry;
let gateway: Gateway;

/** A provider `test` whose models are handed over by the test. */
const models = new Map<string, LanguageModelV4>();
const testProvider: ModelProvider = {
  id: 'test',
  list: async () => [],
  async resolve(name) {
    const language = models.get(name);
    const [info] = await createScriptedProvider().list();
    if (!language || !info) return null;
    const own: ModelInfo = {
      ...info,
      id: `test/${name}`,
      provider: 'test',
      name,
      place: { kind: 'remote', host: 'far' },
    };
    return { info: { ...own, price: { kind: 'unknown' } }, language, embedding: null };
  },
};

function modelThat(name: string, doStream: LanguageModelV4['doStream']): string {
  const doGenerate = () => Promise.reject(new Error('the gateway only streams'));
  models.set(name, {
    specificationVersion: 'v4',
    provider: 'test',
    modelId: name,
    supportedUrls: {},
    doStream,
    doGenerate,
  });
  return `test/${name}`;
}

beforeAll(async () => {
  opened = await openTestStore();
  ledger = createLedger({ store: opened.store, log: silentLog, keepContent: () => true });
  registry = createRegistry({
    store: opened.store,
    providers: () => [testProvider, createScriptedProvider()],
  });
  gateway = createGateway({ registry, ledger, tokenCounters: { scripted: countScriptedTokens } });
});
afterAll(async () => {
  await ledger.close();
  await opened.dispose();
});

const context: CallContext = { identity: localIdentity, source: 'api', conversationId: 'conv_1' };
const ask = (text: string, more: Partial<LanguageModelV4CallOptions> = {}): LanguageModelV4CallOptions => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
  ...more,
});

async function drain(stream: ReadableStream<LanguageModelV4StreamPart>) {
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

/** The stored trace: its summary, the root and the attempts. */
async function traceOf(traceId: string) {
  await ledger.flush();
  const trace = await ledger.getTrace(traceId, null);
  const root = trace.spans.find((span) => span.kind === 'model')!;
  return { ...trace, root, attempts: trace.spans.filter((span) => span.kind === 'attempt') };
}

async function latest(): Promise<{ root: Span; attempts: Span[] }> {
  await ledger.flush();
  const { traces } = await ledger.listTraces({ limit: 1 }, null);
  return traceOf(traces[0]!.traceId);
}

async function failureOf(promise: Promise<unknown>): Promise<AtelierError> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof AtelierError)) throw new Error(`expected an AtelierError, got ${String(outcome)}`);
  return outcome;
}

describe('a call through the gateway', () => {
  test('leaves a root span with the content and an attempt with usage and cost', async () => {
    const answer = await gateway.stream(
      'scripted/script',
      ask('#reasoning hm\n#text Hello there', {
        temperature: 0.5,
        maxOutputTokens: 10,
        providerOptions: { atelier: { minP: 0.1 } },
      }),
      context,
    );
    const parts = await drain(answer.stream);
    expect(parts.at(-1)?.type).toBe('finish');
    const { summary, root, attempts } = await traceOf(answer.traceId);
    expect(answer.spanId).toBe(root.spanId);
    expect(summary).toMatchObject({
      name: 'chat scripted/script',
      status: 'ok',
      model: 'scripted/script',
      source: 'api',
      usage: { input: 6, output: 3, reasoning: 1 },
      cost: { kind: 'none' },
      spanCount: 2,
    });
    expect(root).toMatchObject({
      parentId: null,
      usage: null,
      cost: null,
      conversationId: 'conv_1',
      userId: 'local',
    });
    expect(root.input).toEqual([
      { role: 'user', content: [{ type: 'text', text: '#reasoning hm\n#text Hello there' }] },
    ]);
    expect(root.output).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'Hello there' },
    ]);
    expect(root.attributes).toMatchObject({
      [attribute.operation]: 'chat',
      [attribute.provider]: 'scripted',
      [attribute.temperature]: 0.5,
      [attribute.maxTokens]: 10,
      [attribute.minP]: 0.1,
      [attribute.place]: 'scripted',
      [attribute.finishReasons]: ['stop'],
    });
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({
      parentId: root.spanId,
      status: 'ok',
      cost: { kind: 'none' },
      usage: { input: 6, output: 3 },
    });
    expect(attempts[0]!.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
  });

  test('is charged once by the price of its row', async () => {
    await registry.setPrice('scripted/echo', {
      kind: 'tokens',
      input: 3_000_000_000,
      output: 15_000_000_000,
      cacheRead: null,
      cacheWrite: null,
      source: 'entered by hand',
      date: '2026-01-01',
    });
    const { traceId, usage } = await gateway.generate('scripted/echo', ask('one two three'), context);
    expect(usage.inputTokens.total).toBe(4);
    const { summary, root } = await traceOf(traceId);
    expect(summary.cost).toEqual({ kind: 'known', nanoDollars: 4 * 3000 + 3 * 15_000 });
    expect(root.cost).toBeNull();
    await registry.setPrice('scripted/echo', { kind: 'none' });
  });

  test('hangs below a given parent', async () => {
    const parent = ledger.startSpan({ name: 'chat', kind: 'run', userId: 'local' });
    const { traceId } = await gateway.generate('scripted/echo', ask('x'), {
      ...context,
      parent,
      name: 'the answer',
    });
    parent.end({ status: 'ok' });
    const { root, spans } = await traceOf(traceId);
    expect(traceId).toBe(parent.traceId);
    expect(root).toMatchObject({ name: 'the answer', parentId: parent.spanId });
    expect(spans).toHaveLength(3);
  });

  test('an unknown model is refused with near matches, and the refusal is in the ledger', async () => {
    const error = await failureOf(gateway.stream('scripted/ecko', ask('x'), context));
    expect(error.code).toBe('model_not_found');
    expect((error.data.exist as string[])[0]).toBe('scripted/echo');
    expect(await latest()).toMatchObject({
      root: { name: 'chat scripted/ecko', status: 'error', error: { code: 'model_not_found' } },
      attempts: [],
    });
  });

  test('a refusal by the provider ends both spans and charges nothing', async () => {
    const error = await failureOf(gateway.stream('scripted/script', ask('#error 429 wait'), context));
    expect(error).toMatchObject({ code: 'provider_rate_limited', retryable: true });
    const { root, attempts } = await latest();
    expect(root).toMatchObject({
      status: 'error',
      error: { code: 'provider_rate_limited', message: 'wait' },
    });
    expect(attempts[0]).toMatchObject({ status: 'error', cost: null });
  });

  test('a failure in the middle is one error part, then the end; what was written is kept', async () => {
    const answer = await gateway.stream('scripted/script', ask('#text half of\n#error-mid cut'), context);
    const parts = await drain(answer.stream);
    expect(parts.filter((part) => part.type === 'error')).toHaveLength(1);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_failed', message: 'cut' } });
    const { root } = await traceOf(answer.traceId);
    expect(root).toMatchObject({
      status: 'error',
      error: { message: 'cut' },
      output: [{ type: 'text', text: 'half of' }],
    });
  });

  test('a wrong setting is refused by its name', async () => {
    const atelier = { topLogprobs: -1 };
    const error = await failureOf(
      gateway.stream('scripted/echo', ask('x', { providerOptions: { atelier } }), context),
    );
    expect(error).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('topLogprobs') });
    expect((await latest()).root).toMatchObject({ status: 'error', error: { code: 'invalid_request' } });
  });

  test('an embedding model does not chat', async () => {
    const error = await failureOf(gateway.stream('scripted/embed', ask('x'), context));
    expect(error.code).toBe('invalid_request');
  });
});

describe('a call that is cancelled', () => {
  test('by its signal: an error part with the usage so far, spans cancelled', async () => {
    const stop = new AbortController();
    const answer = await gateway.stream(
      'scripted/script',
      ask('#delay 20\n#words 100', { abortSignal: stop.signal }),
      context,
    );
    const parts: LanguageModelV4StreamPart[] = [];
    for await (const part of answer.stream) {
      parts.push(part);
      if (parts.filter((one) => one.type === 'text-delta').length === 3) stop.abort();
    }
    expect(parts.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'cancelled', data: { usage: { output: 3 } } },
    });
    const { root, attempts, summary } = await traceOf(answer.traceId);
    expect(root.status).toBe('cancelled');
    expect(root.output).toEqual([{ type: 'text', text: expect.stringMatching(/^\S+ \S+ \S+$/) }]);
    expect(attempts[0]).toMatchObject({ status: 'cancelled', usage: { output: 3 } });
    expect(summary.status).toBe('cancelled');
  });

  test('by a consumer that goes away: spans cancelled, the model stopped', async () => {
    const answer = await gateway.stream('scripted/script', ask('#delay 20\n#words 100'), context);
    const reader = answer.stream.getReader();
    for (let i = 0; i < 5; i++) await reader.read();
    await reader.cancel();
    const { root, attempts } = await traceOf(answer.traceId);
    expect(root.status).toBe('cancelled');
    expect(attempts[0]).toMatchObject({ status: 'cancelled', usage: { output: 2 } });
  });

  test('before the model answers, by a signal that was already fired', async () => {
    const error = await failureOf(
      gateway.stream('scripted/echo', ask('x', { abortSignal: AbortSignal.abort() }), context),
    );
    expect(error.code).toBe('cancelled');
    expect(await latest()).toMatchObject({
      root: { status: 'cancelled' },
      attempts: [{ status: 'cancelled' }],
    });
  });

  test('although the model ignores the signal, before and within its stream', async () => {
    const deaf = modelThat('deaf', () => new Promise(() => undefined));
    const first = await failureOf(
      gateway.stream(deaf, ask('x', { abortSignal: AbortSignal.timeout(20) }), context),
    );
    expect(first.code).toBe('cancelled');

    const silent = modelThat('silent', async () => ({
      stream: new ReadableStream({
        start: (controller) => controller.enqueue({ type: 'text-start', id: '0' }),
        pull: () => new Promise(() => undefined),
      }),
    }));
    const started = performance.now();
    const answer = await gateway.stream(silent, ask('x', { abortSignal: AbortSignal.timeout(20) }), context);
    const parts = await drain(answer.stream);
    expect(performance.now() - started).toBeLessThan(1500);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'cancelled' } });
    // Something was read and nothing said what it cost: unknown, not zero.
    expect((await traceOf(answer.traceId)).attempts[0]).toMatchObject({
      status: 'cancelled',
      cost: { kind: 'unknown' },
    });
  });

  test('after the finish part nothing changes any more', async () => {
    const stop = new AbortController();
    const answer = await gateway.stream('scripted/echo', ask('x', { abortSignal: stop.signal }), context);
    const reader = answer.stream.getReader();
    let last: LanguageModelV4StreamPart | undefined;
    while (last?.type !== 'finish') last = (await reader.read()).value;
    stop.abort();
    await reader.cancel();
    expect((await traceOf(answer.traceId)).root.status).toBe('ok');
  });
});

describe('a model that breaks its contract', () => {
  const streamOf = (parts: LanguageModelV4StreamPart[], failure?: Error) => async () => ({
    stream: new ReadableStream<LanguageModelV4StreamPart>({
      pull(controller) {
        const part = parts.shift();
        if (part) controller.enqueue(part);
        else if (failure) controller.error(failure);
        else controller.close();
      },
    }),
  });

  test.each([
    ['ends without a finish part', undefined, 'provider_failed'],
    ['throws in the middle', new Error('wire cut'), 'internal'],
  ] as const)('%s', async (name, failure, code) => {
    const parts: LanguageModelV4StreamPart[] = [
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'half' },
    ];
    const answer = await gateway.stream(modelThat(name, streamOf(parts, failure)), ask('x'), context);
    const got = await drain(answer.stream);
    expect(got.map((part) => part.type)).toEqual(['text-start', 'text-delta', 'error']);
    const { root, attempts } = await traceOf(answer.traceId);
    expect(root).toMatchObject({
      status: 'error',
      error: { code },
      output: [{ type: 'text', text: 'half' }],
    });
    expect(attempts[0]).toMatchObject({ status: 'error', error: { code } });
  });

  test('one that reports no tokens has an unknown cost and says so', async () => {
    const none = { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined };
    const finish: LanguageModelV4StreamPart = {
      type: 'finish',
      usage: { inputTokens: none, outputTokens: { total: undefined, text: undefined, reasoning: undefined } },
      finishReason: { unified: 'stop', raw: 'stop' },
    };
    const { traceId } = await gateway.generate(modelThat('mute', streamOf([finish])), ask('x'), context);
    const { attempts, summary } = await traceOf(traceId);
    expect(attempts[0]).toMatchObject({ usage: null, cost: { kind: 'unknown' } });
    expect(summary.cost).toEqual({ kind: 'unknown' });
  });
});

describe('what stands on the gateway', () => {
  test('generate collects blocks, tool calls and log-probabilities', async () => {
    const result = await gateway.generate(
      'scripted/script',
      ask('#reasoning r\n#text a b\n#logprobs'),
      context,
    );
    expect(result.content).toEqual([
      { type: 'reasoning', text: 'r' },
      { type: 'text', text: 'a b' },
    ]);
    expect(result.providerMetadata?.atelier?.logprobs).toHaveLength(2);
    expect(result.model.id).toBe('scripted/script');
  });

  test('embed: one span, vectors in order', async () => {
    const { embeddings, traceId } = await gateway.embed('scripted/embed', ['a', 'b', 'a'], context);
    expect(embeddings).toHaveLength(3);
    expect(embeddings[0]).toEqual(embeddings[2]);
    await ledger.flush();
    const { spans, summary } = await ledger.getTrace(traceId, null);
    expect(spans).toHaveLength(1);
    expect(spans[0]).toMatchObject({ kind: 'embedding', status: 'ok', usage: { input: 3 } });
    expect(summary.usage.input).toBe(3);
    expect((await failureOf(gateway.embed('scripted/echo', ['a'], context))).code).toBe('invalid_request');
  });

  test('countTokens counts where the provider can, and knows nothing of a remote model', async () => {
    expect(await gateway.countTokens('scripted/echo', ask('one two'))).toBe(3);
    expect(
      await gateway.countTokens(
        modelThat('far', () => Promise.reject(new Error('unused'))),
        ask('x'),
      ),
    ).toBeNull();
  });
});

describe('the gateway as an AI SDK model', () => {
  test('generateText runs a tool loop', async () => {
    const result = await generateText({
      model: gateway.languageModel('scripted/script', context),
      prompt: '#tool add {"a":1,"b":2}\n#text The sum is 3.',
      stopWhen: stepCountIs(3),
      tools: {
        add: tool({
          inputSchema: jsonSchema<{ a: number; b: number }>({
            type: 'object',
            properties: { a: { type: 'number' }, b: { type: 'number' } },
          }),
          execute: async ({ a, b }) => a + b,
        }),
      },
    });
    expect(result.text).toBe('The sum is 3.');
    expect(result.steps).toHaveLength(2);
    const metadata = result.providerMetadata?.atelier as { traceId: string };
    expect((await traceOf(metadata.traceId)).root.status).toBe('ok');
  });

  test('streamText streams, and its abort is an abort', async () => {
    const whole = streamText({
      model: gateway.languageModel('scripted/echo', context),
      prompt: 'Bonjour à tous',
    });
    expect(await whole.text).toBe('Bonjour à tous');
    expect((await whole.usage).outputTokens).toBe(3);

    const stop = new AbortController();
    const seen: string[] = [];
    const cut = streamText({
      model: gateway.languageModel('scripted/script', context),
      prompt: '#delay 20\n#words 50',
      abortSignal: stop.signal,
      onError: ({ error }) => void seen.push(`error ${String(error)}`),
    });
    for await (const part of cut.fullStream) {
      seen.push(part.type);
      if (part.type === 'text-delta') stop.abort();
    }
    expect(seen.at(-1)).toBe('abort');
    expect(seen.filter((type) => type.startsWith('error'))).toEqual([]);
    expect((await latest()).root.status).toBe('cancelled');
  });

  test('an error of ours reaches the SDK’s caller as it is, without retries', async () => {
    const error = await failureOf(
      generateText({ model: gateway.languageModel('scripted/script', context), prompt: '#error 500 broken' }),
    );
    expect(error).toMatchObject({ code: 'provider_failed', message: 'broken' });
  });
});
