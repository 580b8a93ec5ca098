// Every kind of provider over a real socket: its list, an answer with its usage and cost, and what it is sent.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chunk, events, type FakeEndpoint, json, startFakeEndpoint } from '../../../test/fake-endpoint.ts';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { providerWires, serveAs, type WireKind } from '../../../test/provider-wires.ts';
import type { ProviderInput } from '../../contracts/provider.ts';
import { silentLog } from '../../lib/log.ts';
import { createSealer } from '../../store/secrets.ts';
import { createEndpoints } from '../create-endpoints.ts';
import { createRegistry } from '../create-registry.ts';
import type { Endpoints } from '../endpoints.ts';
import type { ModelRegistry } from '../registry.ts';
import { toUsage } from '../usage.ts';

const kinds = Object.keys(providerWires) as WireKind[];
const KEY = 'sk-very-secret-0123456789';
let opened: TestStore;
let far: FakeEndpoint;
let endpoints: Endpoints;
let registry: ModelRegistry;

beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.dispose());
beforeEach(async () => {
  far = await startFakeEndpoint();
  const sealer = createSealer({ dataDir: '/', secret: 'a secret of this test' });
  endpoints = createEndpoints({ store: opened.store, sealer, log: silentLog });
  registry = createRegistry({
    store: opened.store,
    providers: () => endpoints.providers(),
    changes: [endpoints.onChange],
  });
});
afterEach(async () => {
  await endpoints.close();
  await far.close();
  const { db } = opened.store;
  await opened.store.write([db.deleteFrom('providers'), db.deleteFrom('prices')]);
});

const origin = () => `http://${far.host}`;
const inputFor = (kind: WireKind, more: Partial<ProviderInput> = {}): ProviderInput => ({
  kind,
  name: 'Far',
  baseUrl: `${origin()}${providerWires[kind].path}`,
  apiKey: KEY,
  ...(providerWires[kind].region ? { region: providerWires[kind].region } : {}),
  ...more,
});
const ask = (text: string) => ({
  prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }],
});
async function language(id = 'far/far-model') {
  const { language: model } = await registry.resolve(id);
  if (!model) throw new Error(`${id} has no language model`);
  return model;
}

describe.each(kinds)('%s', (kind) => {
  test('lists its models, also when no path was typed, and the Test button says so in numbers', async () => {
    const wire = serveAs(far, kind);
    const provider = await endpoints.create(inputFor(kind, { baseUrl: origin() }));
    expect(provider).toMatchObject({ kind, state: 'ready', error: null, baseUrl: `${origin()}${wire.path}` });
    expect(provider.models.map((model) => model.name)).toEqual(wire.models);
    const tested = await endpoints.test({ input: inputFor(kind) });
    expect(tested).toMatchObject({ ok: true, models: wire.models, error: null });
    expect(tested.latencyMs).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify([provider, tested])).not.toContain(KEY);
  });

  test('answers with its usage, and sends the key and no field of ours', async () => {
    const wire = serveAs(far, kind);
    await endpoints.create(inputFor(kind));
    const result = await (await language()).doGenerate({
      ...ask('Hello'),
      maxOutputTokens: 50,
      providerOptions: { atelier: { minP: 0.1, echo: true } },
    });
    expect(result.content).toEqual(
      [{ type: 'text', text: 'Bonjour' }].map((part) => expect.objectContaining(part)),
    );
    expect(result.finishReason.unified).toBe('stop');
    expect(toUsage(result.usage)).toMatchObject({ input: 12, output: 3, cacheRead: 0, cacheWrite: 0 });
    expect(result.warnings).toContainEqual({ type: 'unsupported', feature: 'echo' });
    const request = far.requests.at(-1);
    expect(`${request?.method} ${request?.path}`).toBe(wire.answerRoute);
    expect(JSON.stringify(request?.headers)).toContain(KEY);
    expect(JSON.stringify(request?.body)).not.toMatch(/atelier|sk-very/);
  });

  test('without a key none is sent, whatever the environment has', async () => {
    serveAs(far, kind);
    const before = { ...process.env };
    for (const name of [
      'OPENAI_API_KEY',
      'ANTHROPIC_API_KEY',
      'GOOGLE_GENERATIVE_AI_API_KEY',
      'MISTRAL_API_KEY',
    ])
      process.env[name] = 'env-key-of-the-machine';
    process.env.OPENROUTER_API_KEY = process.env.AWS_BEARER_TOKEN_BEDROCK = 'env-key-of-the-machine';
    try {
      await endpoints.create(inputFor(kind, { apiKey: null }));
      await (await language()).doGenerate(ask('Hello'));
    } finally {
      process.env = before;
    }
    expect(JSON.stringify(far.requests)).not.toMatch(/env-key-of-the-machine|no-key/);
  });

  test('a name that the list lacks is entered by hand and stays when the list is asked again', async () => {
    const wire = serveAs(far, kind);
    const { id } = await endpoints.create(inputFor(kind, { models: ['new-model'] }));
    await endpoints.test({ id });
    const [provider] = await endpoints.list();
    expect(provider?.models.map((model) => [model.name, model.byHand])).toEqual([
      ...wire.models.map((name) => [name, false]),
      ['new-model', true],
    ]);
    const fewer = await endpoints.update(id, { models: [] });
    expect(fewer.models.map((model) => model.name)).toEqual(wire.models);
  });
});

describe('what a list says', () => {
  test.each<[WireKind, Record<string, unknown>]>([
    ['anthropic', { contextLength: 200_000, maxOutputTokens: 64_000, input: ['text', 'image'], tools: true }],
    ['google', { contextLength: 1_048_576, maxOutputTokens: 65_536, input: null }],
    [
      'openrouter',
      {
        contextLength: 100_000,
        maxOutputTokens: 8192,
        input: ['text', 'image'],
        tools: true,
        price: { kind: 'tokens', input: 3e9, output: 15e9, cacheRead: 3e8, cacheWrite: null },
      },
    ],
    ['mistral', { contextLength: 131_072, input: ['text'], tools: true, price: { kind: 'unknown' } }],
    ['bedrock', { input: ['text', 'image'], contextLength: null }],
    ['ollama', { contextLength: 32_768, input: ['text', 'image'], tools: true, price: { kind: 'unknown' } }],
  ])('%s is kept', async (kind, expected) => {
    serveAs(far, kind);
    const provider = await endpoints.create(inputFor(kind));
    expect(provider.models[0]).toMatchObject(expected);
  });

  test('the data file completes it: sizes and prices with their source', async () => {
    far.on('GET /v1/models', (response) =>
      json(response, 200, { data: [{ id: 'gpt-5-2025-08-07' }, { id: 'gpt-99' }] }),
    );
    const provider = await endpoints.create(inputFor('openai'));
    expect(provider.models[0]).toMatchObject({
      contextLength: 400_000,
      price: {
        kind: 'tokens',
        input: 1.25e9,
        cacheRead: 1.25e8,
        source: expect.stringContaining('genai-prices'),
      },
    });
    expect(provider.models[1]).toMatchObject({ contextLength: null, price: { kind: 'unknown' } });
    const [info] = await registry.list();
    expect(info).toMatchObject({
      id: 'far/gpt-5-2025-08-07',
      contextLength: 400_000,
      price: { input: 1.25e9 },
    });
  });

  test('a price that a person entered wins', async () => {
    far.on('GET /v1/models', (response) => json(response, 200, { data: [{ id: 'gpt-5' }] }));
    const { id } = await endpoints.create(inputFor('openai'));
    await registry.setPrice(`${id}/gpt-5`, { kind: 'none' });
    expect((await endpoints.list())[0]?.models[0]?.price).toEqual({ kind: 'none' });
    expect((await registry.resolve(`${id}/gpt-5`)).info.price).toEqual({ kind: 'none' });
  });

  test('Anthropic’s and Google’s lists come in pages', async () => {
    const seen: string[] = [];
    far.on('GET /v1/models', (response) => {
      seen.push('page');
      json(response, 200, {
        data: [{ id: `m${seen.length}` }],
        has_more: seen.length < 3,
        last_id: `m${seen.length}`,
      });
    });
    const { models } = await endpoints.test({ input: inputFor('anthropic') });
    expect(models).toEqual(['m1', 'm2', 'm3']);
  });
});

describe('Bedrock', () => {
  test('needs a region, from which its address is made', async () => {
    const { region: _none, baseUrl: _unset, ...input } = inputFor('bedrock');
    await expect(endpoints.create(input)).rejects.toThrow(/Enter the region/);
  });

  test('another region moves an address of its own, and leaves a custom one', async () => {
    serveAs(far, 'bedrock');
    const { id, baseUrl } = await endpoints.create(inputFor('bedrock'));
    const moved = await endpoints.update(id, { region: 'us-west-2' });
    expect(moved).toMatchObject({ region: 'us-west-2', baseUrl, state: 'ready' });
  });

  test('an access key signs its requests, and gets the models of the data file and those entered by hand', async () => {
    serveAs(far, 'bedrock');
    const apiKey = 'AKIAIOSFODNN7EXAMPLE:a-secret-part-of-it';
    const provider = await endpoints.create(inputFor('bedrock', { apiKey, models: ['far-model'] }));
    expect(provider.state).toBe('untested');
    expect(
      provider.models.find((model) => model.name === 'global.anthropic.claude-opus-5')?.price,
    ).toMatchObject({
      kind: 'tokens',
      input: 5e9,
    });
    await (await language()).doGenerate(ask('Hello'));
    const { authorization } = far.requests.at(-1)?.headers ?? {};
    expect(authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d+\/eu-west-3\/bedrock\//,
    );
    expect(JSON.stringify(far.requests)).not.toContain('a-secret-part-of-it');
  });

  test('models that are called by a profile are listed under it', async () => {
    far.on('GET /foundation-models', (response) =>
      json(response, 200, {
        modelSummaries: [
          {
            modelId: 'anthropic.claude-x',
            inputModalities: ['TEXT', 'IMAGE'],
            outputModalities: ['TEXT'],
            inferenceTypesSupported: ['INFERENCE_PROFILE'],
          },
        ],
      }),
    );
    far.on('GET /inference-profiles', (response) =>
      json(response, 200, {
        inferenceProfileSummaries: [
          { inferenceProfileId: 'eu.anthropic.claude-x', inferenceProfileName: 'EU Claude X' },
        ],
      }),
    );
    const provider = await endpoints.create(inputFor('bedrock'));
    expect(provider.models).toMatchObject([{ name: 'eu.anthropic.claude-x', input: ['text', 'image'] }]);
  });
});

test('OpenAI: what only Chat Completions has goes there, and nothing is stored at the provider', async () => {
  serveAs(far, 'openai');
  far.on('POST /v1/chat/completions', (response) => {
    providerWires['openai-compatible'].answer(response, providerWires['openai-compatible'].usage);
    response.end();
  });
  await endpoints.create(inputFor('openai'));
  const model = await language();
  await model.doGenerate(ask('Hello'));
  expect(far.requests.at(-1)).toMatchObject({ path: '/v1/responses', body: { store: false } });
  const atelier = { logprobs: true, topLogprobs: 2 };
  await model.doGenerate({ ...ask('Hello'), providerOptions: { atelier } });
  expect(far.requests.at(-1)).toMatchObject({
    path: '/v1/chat/completions',
    body: { logprobs: true, top_logprobs: 2 },
  });
});

test.each(['openrouter', 'openai-compatible', 'ollama'] as const)(
  '%s: log-probabilities are asked for and come back',
  async (kind) => {
    const wire = serveAs(far, kind);
    const content = [{ token: 'Bon', logprob: -0.5, bytes: [66], top_logprobs: [] }];
    far.on(wire.answerRoute, (response) => {
      events(response, [
        chunk({ delta: { content: 'Bon' }, logprobs: { content }, finish_reason: null }),
        chunk({ delta: {}, finish_reason: 'stop' }),
        '[DONE]',
      ]);
      response.end();
    });
    await endpoints.create(inputFor(kind));
    const atelier = { logprobs: true, topLogprobs: 40 };
    const result = await (await language()).doGenerate({ ...ask('Hello'), providerOptions: { atelier } });
    expect(far.requests.at(-1)?.body).toMatchObject({ logprobs: true, top_logprobs: 20 });
    expect(result.providerMetadata?.atelier?.logprobs).toMatchObject([{ token: 'Bon', logprob: -0.5 }]);
  },
);

test.each<[WireKind, string, string, unknown]>([
  ['openai', 'text-embedding-3-small', 'POST /v1/embeddings', null],
  ['mistral', 'mistral-embed', 'POST /v1/embeddings', null],
  [
    'google',
    'gemini-embedding-001',
    'POST /v1beta/models/gemini-embedding-001:batchEmbedContents',
    { embeddings: [{ values: [1, 0] }, { values: [0, 1] }] },
  ],
])('%s: embeddings', async (kind, name, route, body) => {
  serveAs(far, kind);
  const data = [1, 0].map((first, index) => ({ object: 'embedding', index, embedding: [first, 1 - first] }));
  const usage = { prompt_tokens: 2, total_tokens: 2 };
  far.on(route, (response) => json(response, 200, body ?? { object: 'list', model: name, data, usage }));
  await endpoints.create(inputFor(kind));
  const { info, embedding } = await registry.resolve(`far/${name}`);
  expect(info).toMatchObject({ kind: 'embedding', price: { kind: 'tokens' } });
  const result = await embedding?.doEmbed({ values: ['a', 'b'] });
  expect(result?.embeddings).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

test('OpenRouter: a charge that differs from its list is noted', async () => {
  const wire = serveAs(far, 'openrouter');
  await endpoints.create(inputFor('openrouter'));
  const notesFor = async (cost: number) => {
    far.on(wire.answerRoute, (response) => {
      wire.answer(response, { ...(wire.usage as object), cost });
      response.end();
    });
    const { providerMetadata } = await (await language()).doGenerate(ask('Hello'));
    return providerMetadata?.atelier?.notes;
  };
  // 12 tokens at $3 and 3 at $15 a million.
  expect(await notesFor(0.000081)).toBeUndefined();
  expect(await notesFor(0.0001)).toEqual([expect.stringContaining('OpenRouter charged 100000 nano-dollars')]);
});

test('a kind cannot change, and a program to start belongs to llama-server alone', async () => {
  serveAs(far, 'openai-compatible');
  const { id } = await endpoints.create(inputFor('openai-compatible'));
  await expect(endpoints.update(id, { kind: 'openai' })).rejects.toThrow(/cannot change/);
  const llamaServer = { command: 'x', model: 'y', projector: null, arguments: [] };
  await expect(endpoints.create(inputFor('openai', { llamaServer }))).rejects.toThrow(/belongs to the kind/);
  await expect(endpoints.create({ kind: 'llama-server', name: 'x' })).rejects.toThrow(/Enter the program/);
});
