// Aliases as routes over real middleware, registry, ledger and store: fallbacks, retries, limits, the cache, the cost
// policy, scopes and budgets.
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { remoteInfo } from '../../test/remote-info.ts';
import { createSpending, type Spending } from '../access/spending/create-spending.ts';
import { AtelierError, type ErrorCode } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { Price } from '../contracts/money.ts';
import { type RouteSettings, routeSettingsSchema } from '../contracts/routing.ts';
import { attribute } from '../contracts/span.ts';
import { silentLog } from '../lib/log.ts';
import { createLedger } from '../monitoring/create-ledger.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { createAnswerCache } from './answer-cache.ts';
import { createGateway } from './create-gateway.ts';
import { createRegistry } from './create-registry.ts';
import type { Gateway } from './gateway.ts';
import type { CallContext } from './model-call.ts';
import type { ModelProvider, ModelRegistry } from './registry.ts';

const dear: Price = {
  kind: 'tokens',
  input: 10_000_000_000,
  output: 20_000_000_000,
  cacheRead: null,
  cacheWrite: null,
  source: 'this test',
  date: '2026-11-30',
};
const cheap: Price = { ...dear, input: 1_000_000_000, output: 2_000_000_000 };

type Behave = (
  options: LanguageModelV4CallOptions,
  calls: number,
) => Promise<LanguageModelV4StreamPart[]> | LanguageModelV4StreamPart[];
const behaviours = new Map<string, { price: Price; behave: Behave; calls: number }>();

const answer = (text: string): LanguageModelV4StreamPart[] => [
  { type: 'stream-start', warnings: [] },
  { type: 'text-start', id: '1' },
  { type: 'text-delta', id: '1', delta: text },
  { type: 'text-end', id: '1' },
  {
    type: 'finish',
    finishReason: { unified: 'stop', raw: 'stop' },
    usage: {
      inputTokens: { total: 1000, noCache: 1000, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 500, text: 500, reasoning: 0 },
    },
  },
];
const fail = (code: ErrorCode, data: Record<string, unknown> = {}, retryable = true): never => {
  throw new AtelierError(code, `it is ${code}`, { data, retryable });
};

function model(name: string, behave: Behave, price: Price = dear): string {
  behaviours.set(name, { price, behave, calls: 0 });
  return `up/${name}`;
}
const callsOf = (name: string): number => behaviours.get(name)?.calls ?? 0;

const provider: ModelProvider = {
  id: 'up',
  list: async () => [],
  async resolve(name) {
    const own = behaviours.get(name);
    if (!own) return null;
    const info = remoteInfo(name, own.price);
    const language: LanguageModelV4 = {
      specificationVersion: 'v4',
      provider: 'up',
      modelId: name,
      supportedUrls: {},
      doGenerate: () => Promise.reject(new Error('the gateway only streams')),
      async doStream(options) {
        own.calls += 1;
        const parts = await own.behave(options, own.calls);
        const stream = new ReadableStream<LanguageModelV4StreamPart>({
          start(controller) {
            for (const part of parts) controller.enqueue(part);
            controller.close();
          },
        });
        return { stream };
      },
    };
    return { info, language, embedding: null };
  },
};

let opened: TestStore;
let ledger: Ledger;
let registry: ModelRegistry;
let gateway: Gateway;
let spending: Spending;
const scores = new Map<string, number>();
let waited = 0;

beforeEach(async () => {
  behaviours.clear();
  scores.clear();
  waited = 0;
  opened = await openTestStore();
  const { store } = opened;
  ledger = createLedger({ store, log: silentLog, keepContent: () => true });
  registry = createRegistry({
    store,
    providers: () => [provider],
    scoreOf: async (_policy, id) => scores.get(id) ?? null,
  });
  spending = await createSpending({ store, log: silentLog });
  gateway = createGateway({
    registry,
    ledger,
    admit: spending.admit,
    answers: createAnswerCache({ store, log: silentLog }),
    random: () => {
      waited += 1;
      return 0.01;
    },
  });
});
afterEach(async () => {
  await spending.close();
  await ledger.close();
  await opened.dispose();
});

const ana: Identity = { userId: 'ana', role: 'member', keyId: 'key_1' };
const context: CallContext = { identity: ana, source: 'api' };
const ask = (text = 'hello', more: Partial<LanguageModelV4CallOptions> = {}): LanguageModelV4CallOptions => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
  ...more,
});
const alias = (name: string, first: string, settings: Partial<RouteSettings> = {}) =>
  registry.setAlias(name, first, routeSettingsSchema.parse(settings));
const textOf = ({ content }: { content: readonly unknown[] }) =>
  content.map((part) => (part as { text?: string }).text ?? '').join('');

async function spansOf(traceId: string) {
  await ledger.flush();
  const { spans } = await ledger.getTrace(traceId, null);
  return {
    spans,
    root: spans.find(({ parentId }) => parentId === null),
    attempts: spans.filter(({ kind }) => kind === 'attempt'),
  };
}

describe('fallback', () => {
  test('the next model answers, and the trace, the stream and the attributes say so', async () => {
    model('broken', () => fail('provider_failed'));
    model('spare', () => answer('from the spare'));
    await alias('fast', 'up/broken', { fallbacks: ['up/spare'], retries: 0 });
    const stream = await gateway.stream('fast', ask(), context);
    expect(stream.model.id).toBe('up/spare');
    expect(stream.routed).toEqual({
      asked: 'fast',
      answered: 'up/spare',
      attempts: 2,
      fallback: true,
      cache: 'off',
      reason: 'up/broken: it is provider_failed',
    });
    for await (const _part of stream.stream);
    const { root, attempts } = await spansOf(stream.traceId);
    expect(root).toMatchObject({ status: 'ok', model: 'up/spare' });
    expect(root?.attributes[attribute.routed]).toMatchObject({ fallback: true, answered: 'up/spare' });
    expect(attempts.map(({ status, model: name }) => [status, name])).toEqual([
      ['error', 'up/broken'],
      ['ok', 'up/spare'],
    ]);
  });

  test('a stream that fails before its first part counts as not begun', async () => {
    model('late', () => [
      { type: 'stream-start', warnings: [] },
      { type: 'error', error: new AtelierError('provider_failed', 'late', { retryable: true }) },
    ]);
    model('spare', () => answer('spare'));
    await alias('a', 'up/late', { fallbacks: ['up/spare'], retries: 0 });
    expect(textOf(await gateway.generate('a', ask(), context))).toBe('spare');
  });

  test('what has begun is never answered twice', async () => {
    model('cut', () => [
      ...answer('half').slice(0, 3),
      { type: 'error', error: new AtelierError('provider_failed', 'cut', { retryable: true }) },
    ]);
    model('spare', () => answer('spare'));
    await alias('a', 'up/cut', { fallbacks: ['up/spare'] });
    await expect(gateway.generate('a', ask(), context)).rejects.toMatchObject({
      code: 'provider_failed',
      message: 'cut',
    });
    expect(callsOf('spare')).toBe(0);
  });

  test.each(['invalid_request', 'provider_rejected', 'budget_exceeded'] as const)(
    'a fault of the caller (%s) goes to no other model',
    async (code) => {
      model('strict', () => fail(code, {}, false));
      model('spare', () => answer('spare'));
      await alias('a', 'up/strict', { fallbacks: ['up/spare'] });
      await expect(gateway.generate('a', ask(), context)).rejects.toMatchObject({ code });
      expect(callsOf('spare')).toBe(0);
    },
  );

  test('when the last one fails its error is told', async () => {
    model('one', () => fail('provider_failed'));
    model('two', () => fail('provider_unauthorized', {}, false));
    await alias('a', 'up/one', { fallbacks: ['up/two'], retries: 0 });
    await expect(gateway.generate('a', ask(), context)).rejects.toMatchObject({
      code: 'provider_unauthorized',
    });
  });

  test('a model that is gone is passed over and said', async () => {
    model('first', () => answer('first'));
    model('spare', () => answer('spare'));
    await alias('a', 'up/first', { fallbacks: ['up/spare'] });
    behaviours.delete('first');
    const stream = await gateway.stream('a', ask(), context);
    expect(stream.routed).toMatchObject({
      answered: 'up/spare',
      fallback: true,
      reason: expect.stringContaining('first'),
    });
    await stream.stream.cancel();
  });

  test('a plain id is asked once and alone', async () => {
    model('broken', () => fail('provider_failed'));
    await expect(gateway.generate('up/broken', ask(), context)).rejects.toMatchObject({
      code: 'provider_failed',
    });
    expect(callsOf('broken')).toBe(1);
  });
});

describe('retries', () => {
  test('a moment of weakness is tried again, with jitter', async () => {
    model('weak', (_options, calls) => (calls < 3 ? fail('provider_failed') : answer('third')));
    await alias('a', 'up/weak', { retries: 2 });
    const result = await gateway.generate('a', ask(), context);
    expect(textOf(result)).toBe('third');
    expect(waited).toBe(2);
    expect((await spansOf(result.traceId)).attempts).toHaveLength(3);
  });

  test('retry-after is waited for', async () => {
    model('busy', (_options, calls) =>
      calls === 1 ? fail('provider_rate_limited', { retryAfterSeconds: 0.2 }) : answer('ok'),
    );
    await alias('a', 'up/busy', { retries: 1 });
    const from = performance.now();
    await gateway.generate('a', ask(), context);
    expect(performance.now() - from).toBeGreaterThanOrEqual(195);
    expect(waited).toBe(0);
  });

  test('a long retry-after is not waited for: the next model is asked at once', async () => {
    model('busy', () => fail('provider_rate_limited', { retryAfterSeconds: 3600 }));
    model('spare', () => answer('spare'));
    await alias('a', 'up/busy', { retries: 3, fallbacks: ['up/spare'] });
    expect(textOf(await gateway.generate('a', ask(), context))).toBe('spare');
    expect(callsOf('busy')).toBe(1);
  });

  test('what cannot succeed later is not tried again', async () => {
    model('refusing', () => fail('provider_unauthorized', {}, false));
    await alias('a', 'up/refusing', { retries: 3 });
    await expect(gateway.generate('a', ask(), context)).rejects.toMatchObject({
      code: 'provider_unauthorized',
    });
    expect(callsOf('refusing')).toBe(1);
  });
});

describe('an alias without settings', () => {
  test('is a name and nothing else', async () => {
    model('slow', () => answer('slow'));
    await registry.setAlias('default', 'up/slow');
    const plan = await registry.plan('default');
    expect(plan.settings).toBeNull();
    expect(await registry.routes()).toMatchObject([{ alias: 'default', retries: 0, fallbacks: [] }]);
  });

  test('the last try is handed on at once, so that a client hears of a long prompt being read', async () => {
    behaviours.set('reading', {
      price: dear,
      calls: 0,
      behave: () => [{ type: 'stream-start', warnings: [] }],
    });
    await alias('a', 'up/reading', { retries: 0 });
    const stream = await gateway.stream('a', ask(), context);
    const reader = stream.stream.getReader();
    expect((await reader.read()).value).toMatchObject({ type: 'stream-start' });
    await reader.cancel();
  });
});

describe('time limits', () => {
  const hang = ({ abortSignal }: LanguageModelV4CallOptions) =>
    new Promise<never>((_resolve, reject) =>
      abortSignal?.addEventListener('abort', () => reject(abortSignal.reason)),
    );

  test('a provider that does not begin is left for the next', async () => {
    model('hanging', hang);
    model('spare', () => answer('spare'));
    await alias('a', 'up/hanging', { retries: 0, fallbacks: ['up/spare'], connectMs: 50 });
    const result = await gateway.generate('a', ask(), context);
    expect(textOf(result)).toBe('spare');
    const { attempts } = await spansOf(result.traceId);
    expect(attempts[0]).toMatchObject({
      status: 'error',
      error: { code: 'timed_out', data: { limitMs: 50 } },
    });
  });

  test('without another one the caller is told which limit it was', async () => {
    model('hanging', hang);
    await alias('a', 'up/hanging', { retries: 0, firstTokenMs: 50 });
    await expect(gateway.generate('a', ask(), context)).rejects.toMatchObject({
      code: 'timed_out',
      message: 'up/hanging did not give the first part of its answer within 0.05 s.',
    });
  });

  test('a caller that goes away is no failure of the model', async () => {
    model('hanging', hang);
    model('spare', () => answer('spare'));
    await alias('a', 'up/hanging', { retries: 2, fallbacks: ['up/spare'] });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    await expect(
      gateway.generate('a', ask('x', { abortSignal: stop.signal }), context),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(callsOf('spare')).toBe(0);
  });
});

describe('the cache', () => {
  beforeEach(async () => {
    model('slow', (_options, calls) => answer(`answer ${calls}`));
    await alias('kept', 'up/slow', { cache: true });
  });
  /** A kept answer is written after the caller has it. */
  async function settled() {
    await opened.store.write([opened.store.db.deleteFrom('settings').where('key', '=', 'none')]);
  }

  test('the same request is answered from memory, free, and said in the ledger', async () => {
    const first = await gateway.stream('kept', ask(), context);
    expect(first.routed?.cache).toBe('miss');
    for await (const _part of first.stream);
    await settled();
    const second = await gateway.generate('kept', ask(), context);
    expect(textOf(second)).toBe('answer 1');
    expect(second.usage.outputTokens.total).toBe(500);
    expect(callsOf('slow')).toBe(1);
    const { root, attempts } = await spansOf(second.traceId);
    expect(root?.attributes[attribute.routed]).toMatchObject({ cache: 'hit' });
    expect(attempts).toMatchObject([
      { name: 'cache up/slow', cost: { kind: 'none' }, attributes: { [attribute.savedNano]: 20_000_000 } },
    ]);
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'another person',
      () => gateway.generate('kept', ask(), { ...context, identity: { userId: 'ben', role: 'member' } }),
    ],
    ['another word', () => gateway.generate('kept', ask('hello!'), context)],
    ['another temperature', () => gateway.generate('kept', ask('hello', { temperature: 0.5 }), context)],
    ['the model by its id', () => gateway.generate('up/slow', ask(), context)],
  ])('%s is asked anew', async (_what, again) => {
    await gateway.generate('kept', ask(), context);
    await settled();
    await again();
    expect(callsOf('slow')).toBe(2);
  });
});

describe('the cheapest that passes', () => {
  const policy = {
    kind: 'cheapest-passing',
    app: 'sentiment',
    set: 'tweets',
    metric: 'accuracy',
    atLeast: 0.7,
  } as const;
  beforeEach(() => {
    model('large', () => answer('large'));
    model('small', () => answer('small'), cheap);
  });

  test('goes first, says why, and what it saved', async () => {
    scores.set('up/large', 0.8).set('up/small', 0.75);
    await alias('a', 'up/large', { fallbacks: ['up/small'], policy });
    const result = await gateway.generate('a', ask(), context);
    expect(textOf(result)).toBe('small');
    const { attempts, root } = await spansOf(result.traceId);
    expect(attempts[0]?.attributes[attribute.savedNano]).toBe(18_000_000);
    expect(root?.attributes[attribute.routed]).toMatchObject({
      reason: expect.stringContaining('accuracy 0.75 of at least 0.7'),
    });
  });

  test.each([
    ['fails', 0.6],
    ['was not measured', null],
  ])('a cheaper one that %s does not', async (_what, score) => {
    scores.set('up/large', 0.8);
    if (score !== null) scores.set('up/small', score);
    await alias('a', 'up/large', { fallbacks: ['up/small'], policy });
    expect(textOf(await gateway.generate('a', ask(), context))).toBe('large');
  });
});

describe('scopes and budgets', () => {
  beforeEach(() => model('m', () => answer('fine')));
  const withScope = (models: string[] | null): CallContext => ({ ...context, identity: { ...ana, models } });

  test.each([
    [['up/m'], 'up/m'],
    [['up/*'], 'up/m'],
    [['a'], 'a'],
  ])('a key for %j may ask %s', async (models, asked) => {
    await alias('a', 'up/m');
    expect(textOf(await gateway.generate(asked, ask(), withScope(models)))).toBe('fine');
  });

  test.each([[['up/other']], [[]], [['other/*']]])('a key for %j may not', async (models) => {
    const call = gateway.generate('up/m', ask(), withScope(models));
    await expect(call).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('up/m') });
    expect(callsOf('m')).toBe(0);
  });

  test('a fallback out of scope is no way round', async () => {
    model('secret', () => answer('secret'));
    await alias('a', 'up/m', { fallbacks: ['up/secret'] });
    await expect(gateway.generate('a', ask(), withScope(['up/m']))).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('an app that the key may run asks what it needs', async () => {
    const identity: Identity = { ...ana, models: [], apps: ['writer'] };
    expect(textOf(await gateway.generate('up/m', ask(), { ...context, identity, app: 'writer' }))).toBe(
      'fine',
    );
    await expect(
      gateway.generate('up/m', ask(), { ...context, identity, app: 'coder' }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('an attempt that told nothing before it failed makes the next one’s cost no smaller', async () => {
    const broken = () => Promise.reject(new AtelierError('provider_failed', 'overloaded'));
    const began: LanguageModelV4StreamPart[] = [
      { type: 'response-metadata', id: 'r1' },
      { type: 'error', error: new AtelierError('provider_failed', 'overloaded') },
    ];
    model('flaky', () => began, cheap);
    model('off', broken, cheap);
    model('spare', () => answer('from the spare'), dear);
    await alias('fast', 'up/flaky', { fallbacks: ['up/off', 'up/spare'], retries: 0 });
    await spending.createBudget({
      subject: { kind: 'key', id: 'key_1' },
      period: 'day',
      unit: 'money',
      amount: 1_000_000_000,
      action: 'refuse',
    });
    await gateway.generate('fast', ask('x', { maxOutputTokens: 500 }), context);
    expect((await spending.listBudgets())[0]).toMatchObject({
      spent: 20_000_000,
      reserved: 0,
      unpricedCalls: 1,
    });
  });

  test('a spent budget refuses before a model is asked, and the refusal is in the ledger', async () => {
    const { id } = await spending.createBudget({
      subject: { kind: 'key', id: 'key_1' },
      period: 'day',
      unit: 'money',
      amount: 25_000_000,
      action: 'refuse',
    });
    await gateway.generate('up/m', ask('x', { maxOutputTokens: 500 }), context);
    expect((await spending.listBudgets())[0]).toMatchObject({ id, spent: 20_000_000, reserved: 0 });
    await gateway.generate('up/m', ask('x', { maxOutputTokens: 100 }), context);
    await expect(gateway.generate('up/m', ask(), context)).rejects.toMatchObject({ code: 'budget_exceeded' });
    expect(callsOf('m')).toBe(2);
    await ledger.flush();
    const { traces } = await ledger.listTraces({ limit: 10, status: 'error' }, null);
    expect(traces).toHaveLength(1);
  });
});
