// A body that passes through: the bytes are the provider's, and identity, budget, price, trace and fallback are the house's.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { remoteInfo } from '../../test/remote-info.ts';
import { createSpending, type Spending } from '../access/spending/create-spending.ts';
import { AtelierError } from '../contracts/errors.ts';
import { routeSettingsSchema } from '../contracts/routing.ts';
import { attribute } from '../contracts/span.ts';
import { silentLog } from '../lib/log.ts';
import { createLedger } from '../monitoring/create-ledger.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { createAnswerCache } from './answer-cache.ts';
import { createGateway } from './create-gateway.ts';
import { createRegistry } from './create-registry.ts';
import type { Gateway } from './gateway.ts';
import type { CallContext, RelayedAnswer, WireRequest } from './model-call.ts';
import type { ModelProvider, ModelRegistry } from './registry.ts';

const encoder = new TextEncoder();
const event = (data: unknown) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const chunk = (delta: object, finish: string | null = null) =>
  event({ id: 'c1', choices: [{ index: 0, delta, finish_reason: finish }] });
const whole = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Bon' }),
  chunk({ content: 'jour' }),
  chunk({}, 'stop'),
  event({
    id: 'c1',
    choices: [],
    usage: {
      prompt_tokens: 1000,
      completion_tokens: 500,
      total_tokens: 1500,
      prompt_tokens_details: { cached_tokens: 400 },
    },
  }),
  event('[DONE]'),
];

let seen: WireRequest[] = [];
const behaviours = new Map<string, (wire: WireRequest) => Promise<RelayedAnswer>>();

function bytesOf(parts: readonly string[], end: 'close' | 'hang' | Error = 'close') {
  let cancelled = false;
  const left = [...parts];
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const next = left.shift();
        if (next !== undefined) return controller.enqueue(encoder.encode(next));
        if (end === 'close') return controller.close();
        if (end === 'hang') return new Promise<void>(() => undefined);
        controller.error(end);
      },
      cancel() {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, wasCancelled: () => cancelled };
}
const answerOf = (body: ReadableStream<Uint8Array>, hidden: string[] = []): RelayedAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body,
  hidden: () => hidden.map((text) => encoder.encode(text)),
  toError: (upstream) =>
    new AtelierError('provider_failed', `it said ${JSON.stringify(upstream)}`, { retryable: true }),
});

const provider: ModelProvider = {
  id: 'up',
  list: async () => [],
  async resolve(name) {
    const behave = behaviours.get(name);
    if (!behave) return null;
    const info = remoteInfo(name, {
      kind: 'tokens',
      input: 1_000_000_000,
      output: 2_000_000_000,
      cacheRead: 100_000_000,
      cacheWrite: null,
      source: 'this test',
      date: '2026-11-30',
    });
    return {
      info,
      language: null,
      embedding: null,
      relays: ['openai-chat'],
      relay(wire) {
        seen.push(wire);
        return behave(wire);
      },
    };
  },
};
/** 600 plain, 400 cached, 500 written. */
const COST = 600_000 + 40_000 + 1_000_000;

let opened: TestStore;
let ledger: Ledger;
let registry: ModelRegistry;
let gateway: Gateway;
let spending: Spending;

beforeEach(async () => {
  seen = [];
  behaviours.clear();
  behaviours.set('m', async () => answerOf(bytesOf(whole).body));
  opened = await openTestStore();
  const { store } = opened;
  ledger = createLedger({ store, log: silentLog, keepContent: () => true });
  registry = createRegistry({ store, providers: () => [provider] });
  spending = await createSpending({ store, log: silentLog });
  const answers = createAnswerCache({ store, log: silentLog });
  gateway = createGateway({ registry, ledger, admit: spending.admit, answers, random: () => 0 });
});
afterEach(async () => {
  await spending.close();
  await ledger.close();
  await opened.dispose();
});

const context: CallContext = { identity: { userId: 'ana', role: 'member', keyId: 'key_1' }, source: 'api' };
const wire = (more: Partial<WireRequest> = {}): WireRequest => ({
  dialect: 'openai-chat',
  body: {
    model: 'up/m',
    messages: [{ role: 'user', content: 'Salut' }],
    temperature: 0.2,
    max_tokens: 500,
    stream: true,
  },
  headers: {},
  signal: new AbortController().signal,
  ...more,
});
async function relayed(model = 'up/m', request = wire()) {
  const answer = await gateway.relay(model, request, context);
  if (!answer) throw new Error('the call was not relayed');
  return answer;
}
const textOf = (body: ReadableStream<Uint8Array>) => new Response(body).text();
async function traceOf(traceId: string) {
  await ledger.flush();
  const { spans, summary } = await ledger.getTrace(traceId, null);
  return {
    summary,
    root: spans.find(({ parentId }) => parentId === null),
    attempts: spans.filter(({ kind }) => kind === 'attempt'),
  };
}

describe('a body that passes through', () => {
  test('gives the very bytes, and the ledger has text, usage and cost', async () => {
    const answer = await relayed();
    expect(answer.model.id).toBe('up/m');
    expect(await textOf(answer.body)).toBe(whole.join(''));
    const { root, attempts, summary } = await traceOf(answer.traceId);
    expect(root).toMatchObject({
      status: 'ok',
      userId: 'ana',
      input: [{ role: 'user', content: 'Salut' }],
      output: [{ type: 'text', text: 'Bonjour' }],
      attributes: {
        [attribute.temperature]: 0.2,
        [attribute.apiKey]: 'key_1',
        [attribute.finishReasons]: ['stop'],
      },
    });
    expect(attempts).toMatchObject([
      { usage: { input: 1000, output: 500, cacheRead: 400 }, cost: { kind: 'known', nanoDollars: COST } },
    ]);
    expect(attempts[0]?.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
    expect(summary.cost).toEqual({ kind: 'known', nanoDollars: COST });
  });

  test('counts what was taken out of the stream because the client had not asked for it', async () => {
    behaviours.set('m', async () =>
      answerOf(bytesOf([...whole.slice(0, 4), ...whole.slice(5)]).body, [whole[4] ?? '']),
    );
    const answer = await relayed();
    expect(await textOf(answer.body)).not.toContain('usage');
    expect((await traceOf(answer.traceId)).summary.cost).toEqual({ kind: 'known', nanoDollars: COST });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['another dialect', () => gateway.relay('up/m', wire({ dialect: 'anthropic-messages' }), context)],
    ['a model that is not there', () => gateway.relay('up/none', wire(), context)],
    [
      'a cached alias',
      async () => {
        await registry.setAlias('kept', 'up/m', routeSettingsSchema.parse({ cache: true }));
        return gateway.relay('kept', wire(), context);
      },
    ],
  ])('%s is not relayed, and nothing is asked or traced', async (_what, call) => {
    expect(await call()).toBeNull();
    expect(seen).toEqual([]);
    await ledger.flush();
    expect((await ledger.listTraces({ limit: 5 }, null)).traces).toEqual([]);
  });

  test('a budget counts it exactly, and refuses the next before the provider is asked', async () => {
    await spending.createBudget({
      subject: { kind: 'key', id: 'key_1' },
      period: 'month',
      unit: 'money',
      amount: COST,
      action: 'refuse',
    });
    await textOf((await relayed()).body);
    expect((await spending.listBudgets())[0]).toMatchObject({ spent: COST, reserved: 0 });
    await expect(relayed()).rejects.toMatchObject({ code: 'budget_exceeded' });
    expect(seen).toHaveLength(1);
  });

  test('the next model answers when the first refuses', async () => {
    behaviours.set('broken', async () => {
      throw new AtelierError('provider_unauthorized', 'refused');
    });
    await registry.setAlias('a', 'up/broken', routeSettingsSchema.parse({ fallbacks: ['up/m'] }));
    const answer = await relayed('a');
    expect(answer.routed).toMatchObject({ answered: 'up/m', fallback: true, reason: 'up/broken: refused' });
    await textOf(answer.body);
    const { root, attempts } = await traceOf(answer.traceId);
    expect(root?.model).toBe('up/m');
    expect(attempts.map(({ status }) => status)).toEqual(['error', 'ok']);
  });

  test('a client that goes away ends the provider’s stream and is charged by estimate', async () => {
    await spending.createBudget({
      subject: { kind: 'everyone', id: '' },
      period: 'day',
      unit: 'money',
      amount: 10 * COST,
      action: 'refuse',
    });
    const upstream = bytesOf(whole.slice(0, 3), 'hang');
    behaviours.set('m', async () => answerOf(upstream.body));
    const answer = await relayed();
    const reader = answer.body.getReader();
    for (let read = 0; read < 3; read++) await reader.read();
    await reader.cancel();
    expect(upstream.wasCancelled()).toBe(true);
    const { root } = await traceOf(answer.traceId);
    expect(root).toMatchObject({ status: 'cancelled', output: [{ type: 'text', text: 'Bonjour' }] });
    const [budget] = await spending.listBudgets();
    expect(budget).toMatchObject({ reserved: 0, unpricedCalls: 1 });
    expect(budget?.spent).toBeGreaterThan(0);
  });

  test.each<[string, object]>([
    ['is below zero', { max_tokens: -1e12 }],
    ['is zero', { max_completion_tokens: 0 }],
    ['is no whole number', { max_tokens: 0.5 }],
    ['is beyond counting', { max_tokens: 1e300 }],
    ['is a name that the provider may not know', { max_tokens: 500, max_output_tokens: 1 }],
    ['counts for each of several choices', { max_tokens: 250, n: 2 }],
    ['stands in quotes', { max_tokens: '250', n: '2' }],
  ])('calls at once cannot pass a budget together when the length %s', async (_what, more) => {
    await spending.createBudget({
      subject: { kind: 'key', id: 'key_1' },
      period: 'month',
      unit: 'money',
      amount: 1_100_000,
      action: 'refuse',
    });
    const { max_tokens: _length, ...body } = wire().body;
    const request = () => wire({ body: { ...body, ...more } });
    const first = await relayed('up/m', request());
    await expect(relayed('up/m', request())).rejects.toMatchObject({ code: 'budget_exceeded' });
    await textOf(first.body);
    expect((await spending.listBudgets())[0]).toMatchObject({ reserved: 0 });
  });

  test('what was written as a call of a tool is charged when the client goes away', async () => {
    await spending.createBudget({
      subject: { kind: 'everyone', id: '' },
      period: 'day',
      unit: 'money',
      amount: 1000 * COST,
      action: 'refuse',
    });
    const argument = 'x'.repeat(25_000);
    const call = { index: 0, id: 't', function: { name: 'write', arguments: argument } };
    behaviours.set('m', async () => answerOf(bytesOf([chunk({ tool_calls: [call] })], 'hang').body));
    const reader = (await relayed()).body.getReader();
    await reader.read();
    await reader.cancel();
    expect((await spending.listBudgets())[0]?.spent).toBeGreaterThan(10_000 * 2000);
  });

  test('usage that is known is what a budget counts, also where the price is not the whole of it', async () => {
    await spending.createBudget({
      subject: { kind: 'everyone', id: '' },
      period: 'day',
      unit: 'money',
      amount: 1000 * COST,
      action: 'refuse',
    });
    const priority = whole.map((one) => one.replace('"id":"c1"', '"id":"c1","service_tier":"priority"'));
    behaviours.set('m', async () => answerOf(bytesOf(priority).body));
    await textOf((await relayed()).body);
    expect((await spending.listBudgets())[0]).toMatchObject({ unpricedCalls: 1, spent: 2_000_000 });
  });

  test.each([
    ['models', { models: ['up/other'] }],
    ['fallbacks', { fallbacks: [{ model: 'other' }] }],
    ['tools', { tools: [{ type: 'advisor', model: 'other' }] }],
  ])('a key for some models names no others in %s', async (field, more) => {
    const request = wire({ body: { ...wire().body, ...more } });
    const narrow = { ...context, identity: { ...context.identity, models: ['up/m'] } };
    await expect(gateway.relay('up/m', request, narrow)).rejects.toMatchObject({
      code: 'forbidden',
      data: { param: field },
    });
    expect(seen).toEqual([]);
    await textOf((await relayed('up/m', request)).body);
  });

  test('a chain of models that the provider chooses from has no known cost', async () => {
    const answer = await relayed('up/m', wire({ body: { ...wire().body, models: ['up/other'] } }));
    await textOf(answer.body);
    const { attempts } = await traceOf(answer.traceId);
    expect(attempts[0]).toMatchObject({ usage: { input: 1000 }, cost: { kind: 'unknown' } });
  });

  test.each<[string, () => RelayedAnswer, string]>([
    [
      'cut off',
      () => answerOf(bytesOf(whole.slice(0, 2), new AtelierError('provider_failed', 'cut')).body),
      'cut',
    ],
    ['ended early', () => answerOf(bytesOf(whole.slice(0, 2)).body), 'was cut off before it was complete'],
    [
      'with an error in it',
      () => answerOf(bytesOf([...whole.slice(0, 2), event({ error: { message: 'overloaded' } })]).body),
      'overloaded',
    ],
  ])('a stream %s is an error in the ledger', async (_what, behave, message) => {
    behaviours.set('m', async () => behave());
    const answer = await relayed();
    await textOf(answer.body).catch(() => undefined);
    const { root, attempts } = await traceOf(answer.traceId);
    expect(root).toMatchObject({
      status: 'error',
      error: { code: 'provider_failed', message: expect.stringContaining(message) },
    });
    expect(attempts[0]?.status).toBe('error');
  });

  test('pictures are not kept in the ledger', async () => {
    const url = `data:image/png;base64,${'A'.repeat(5000)}`;
    const content = [
      { type: 'text', text: 'What is it?' },
      { type: 'image_url', image_url: { url } },
    ];
    const answer = await relayed(
      'up/m',
      wire({ body: { ...wire().body, messages: [{ role: 'user', content }] } }),
    );
    await textOf(answer.body);
    const { root } = await traceOf(answer.traceId);
    expect(JSON.stringify(root?.input)).not.toContain('AAAA');
    expect(JSON.stringify(root?.input)).toContain('What is it?');
    expect(JSON.stringify(seen[0]?.body)).toContain(url);
  });
});
