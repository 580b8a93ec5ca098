// The cost of answers as the big providers reported them, to the nano-dollar, over both ways: through the adapter of the
// AI SDK, and read along in the bytes that pass through. The usage objects are recorded ones; where from stands beside each.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeEndpoint, startFakeEndpoint } from '../../test/fake-endpoint.ts';
import { providerWires, type WireKind } from '../../test/provider-wires.ts';
import type { Usage } from '../contracts/money.ts';
import { createHttp, type Http } from '../lib/http.ts';
import type { WireDialect } from './model-call.ts';
import { createPriceBook } from './prices/price-book.ts';
import { providerAdapters } from './providers/provider-adapters.ts';
import { createRelayReader } from './providers/relay/read-usage.ts';
import { relay } from './providers/relay/relay.ts';
import { createProviderFetch } from './providers/remote/provider-fetch.ts';
import { createRemoteLanguageModel } from './providers/remote/remote-language-model.ts';
import { priceOf, toUsage } from './usage.ts';

interface Recorded {
  name: string;
  kind: WireKind;
  model: string;
  usage: Record<string, unknown>;
  counted: Usage;
  /** Tokens times nano-dollars a token. */
  nanoDollars: number;
}

const none = { cacheRead: 0, cacheWrite: 0, reasoning: 0 };
const recorded: Recorded[] = [
  {
    // github.com/vercel/ai, packages/anthropic/src/__fixtures__/anthropic-claude-opus-5-reasoning-high.1.json
    name: 'Anthropic, thinking',
    kind: 'anthropic',
    model: 'claude-opus-5',
    usage: {
      input_tokens: 51,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: 1699,
      output_tokens_details: { thinking_tokens: 139 },
      service_tier: 'standard',
    },
    counted: { ...none, input: 51, output: 1699, reasoning: 139 },
    nanoDollars: 51 * 5000 + 1699 * 25_000,
  },
  {
    // A turn of Claude Code, whose report lists each: read and written cache, the written part kept for an hour.
    name: 'Anthropic, a cache that is kept for an hour',
    kind: 'anthropic',
    model: 'claude-opus-4-8',
    usage: {
      input_tokens: 2,
      cache_read_input_tokens: 206_058,
      cache_creation_input_tokens: 709,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 709 },
      output_tokens: 1115,
    },
    counted: {
      ...none,
      input: 206_769,
      output: 1115,
      cacheRead: 206_058,
      cacheWrite: 709,
      cacheWriteLong: 709,
    },
    nanoDollars: 2 * 5000 + 206_058 * 500 + 709 * 10_000 + 1115 * 25_000,
  },
  {
    name: 'Anthropic, a cache that is kept for five minutes and one for an hour',
    kind: 'anthropic',
    model: 'claude-sonnet-4-6',
    usage: {
      input_tokens: 1000,
      cache_read_input_tokens: 2000,
      cache_creation_input_tokens: 500,
      cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 100 },
      output_tokens: 500,
    },
    counted: { ...none, input: 3500, output: 500, cacheRead: 2000, cacheWrite: 500, cacheWriteLong: 100 },
    nanoDollars: 1000 * 3000 + 2000 * 300 + 400 * 3750 + 100 * 6000 + 500 * 15_000,
  },
  {
    // github.com/vercel/ai, packages/anthropic/src/__fixtures__/anthropic-compaction.1.json
    name: 'Anthropic, a compaction, whose tokens stand only in its turns',
    kind: 'anthropic',
    model: 'claude-opus-4-6',
    usage: {
      input_tokens: 682,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      iterations: [
        {
          type: 'compaction',
          input_tokens: 60_385,
          output_tokens: 592,
          cache_read_input_tokens: 0,
          cache_creation_input_tokens: 0,
        },
        {
          type: 'message',
          input_tokens: 682,
          output_tokens: 1320,
          cache_read_input_tokens: 0,
          cache_creation_input_tokens: 0,
        },
      ],
      output_tokens: 1320,
    },
    counted: { ...none, input: 61_067, output: 1912 },
    nanoDollars: 61_067 * 5000 + 1912 * 25_000,
  },
  {
    // github.com/vercel/ai, packages/openai/src/responses/__fixtures__/openai-reasoning-encrypted-content.1.json
    name: 'OpenAI, reasoning',
    kind: 'openai',
    model: 'gpt-5-mini-2025-08-07',
    usage: {
      input_tokens: 865,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 163,
      output_tokens_details: { reasoning_tokens: 128 },
      total_tokens: 1028,
    },
    counted: { ...none, input: 865, output: 163, reasoning: 128 },
    nanoDollars: 865 * 250 + 163 * 2000,
  },
  {
    // The shape of .../__fixtures__/issue-19921-prompt-cache-breakpoint.json, with counts in the cache.
    name: 'OpenAI, a cache that is read and written',
    kind: 'openai',
    model: 'gpt-5.6-sol',
    usage: {
      input_tokens: 4100,
      input_tokens_details: { cached_tokens: 2048, cache_write_tokens: 1024 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 4105,
    },
    counted: { ...none, input: 4100, output: 5, cacheRead: 2048, cacheWrite: 1024 },
    nanoDollars: 1028 * 4000 + 2048 * 400 + 1024 * 5000 + 5 * 20_000,
  },
  {
    // github.com/vercel/ai, packages/google/src/__fixtures__/issue-19822-complete-usage.json
    name: 'Google, cached, thought and read by a tool',
    kind: 'google',
    model: 'gemini-2.5-flash',
    usage: {
      promptTokenCount: 19,
      cachedContentTokenCount: 3,
      candidatesTokenCount: 4,
      toolUsePromptTokenCount: 63,
      thoughtsTokenCount: 56,
      totalTokenCount: 142,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 19 }],
      cacheTokensDetails: [{ modality: 'TEXT', tokenCount: 3 }],
    },
    counted: { ...none, input: 82, output: 60, cacheRead: 3, reasoning: 56 },
    nanoDollars: 79 * 300 + 3 * 30 + 60 * 2500,
  },
  {
    // A published review of a paper by gemini-3.1-pro-preview, which gives the usage with its answer.
    name: 'Google, a paper read as images',
    kind: 'google',
    model: 'gemini-3.1-pro-preview',
    usage: {
      promptTokenCount: 21_494,
      candidatesTokenCount: 691,
      totalTokenCount: 23_879,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 174 },
        { modality: 'IMAGE', tokenCount: 21_320 },
      ],
      thoughtsTokenCount: 1694,
      serviceTier: 'standard',
    },
    counted: { ...none, input: 21_494, output: 2385, reasoning: 1694 },
    nanoDollars: 21_494 * 2000 + 2385 * 12_000,
  },
];

const dialects: Partial<Record<WireKind, WireDialect>> = {
  anthropic: 'anthropic-messages',
  openai: 'openai-responses',
};
const book = createPriceBook();
let far: FakeEndpoint;
let http: Http;
beforeAll(async () => {
  far = await startFakeEndpoint();
  http = createHttp({ env: {} });
});
afterAll(async () => {
  await http.close();
  await far.close();
});

const connectionTo = (kind: WireKind, model: string) => ({
  baseUrl: `http://${far.host}${providerWires[kind].path}`,
  region: null,
  apiKey: 'key',
  headers: {},
  facts: { id: 'far', host: far.host, model, secrets: ['key'] },
});

function serve({ kind, model, usage }: Recorded): void {
  const wire = providerWires[kind];
  far.on(wire.answerRoute.replace('far-model', model), (response) => {
    wire.answer(response, usage);
    response.end();
  });
}

describe.each(recorded)('$name', (one) => {
  const { kind, model, counted, nanoDollars } = one;
  const price = book.find(kind, model)?.price ?? { kind: 'unknown' };

  test('through the adapter', async () => {
    serve(one);
    const connection = connectionTo(kind, model);
    const language = createRemoteLanguageModel(providerAdapters[kind], {
      ...connection,
      name: model,
      price,
      fetch: createProviderFetch(http, connection.facts),
    });
    const { usage } = await language.doGenerate({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
    });
    expect(toUsage(usage)).toEqual(counted);
    expect(priceOf(toUsage(usage), price).cost).toEqual({ kind: 'known', nanoDollars });
  });

  const dialect = dialects[kind];
  // Google's wire is none that our callers speak.
  if (!dialect) return;
  test('in the bytes that pass through', async () => {
    serve(one);
    const answer = await relay({
      http,
      adapter: providerAdapters[kind],
      connection: connectionTo(kind, model),
      name: model,
      wire: {
        dialect,
        body: { model: 'ours', stream: true },
        headers: {},
        signal: new AbortController().signal,
      },
    });
    const reader = createRelayReader(dialect, answer.headers['content-type'] ?? '');
    for await (const bytes of answer.body) reader.push(bytes);
    const summary = reader.end();
    expect(summary.text).toBe('Bonjour');
    const usage = summary.usage && toUsage(summary.usage);
    expect(usage).toEqual(counted);
    expect(priceOf(usage, price).cost).toEqual({ kind: 'known', nanoDollars });
    expect(summary.beyondTokens).toEqual([]);
  });
});

test('the sum of all is the sum of its parts, to the nano-dollar', () => {
  const sum = recorded.reduce((total, { kind, model, counted }) => {
    const { cost } = priceOf(counted, book.find(kind, model)?.price ?? { kind: 'unknown' });
    return total + (cost.kind === 'known' ? cost.nanoDollars : Number.NaN);
  }, 0);
  expect(sum).toBe(recorded.reduce((total, one) => total + one.nanoDollars, 0));
});
