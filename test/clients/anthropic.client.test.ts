// The unmodified @anthropic-ai/sdk over a real socket, in both of its header dialects: 1.12 (Bearer, 2026-10-21) and the
// 0.122 that @langchain/anthropic brings (x-api-key, 2023-06-01). Against the scripted model, and again, with looser
// asserts, against a model of this machine: ATELIER_TEST_MODELS names the data folder that has it (`npm test` sets it).
import { createRequire } from 'node:module';
import Anthropic, { BadRequestError, NotFoundError, RateLimitError } from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../create-test-app.ts';
import { type RunningServer, startServer } from '../start-server.ts';

const model = 'scripted/script';
const user = (content: string) => [{ role: 'user' as const, content }];
const weather: Anthropic.Tool = {
  name: 'get_weather',
  description: 'The weather of a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

/** The older client, as LangChain's package resolves it. */
const olderSdk = createRequire(createRequire(import.meta.url).resolve('@langchain/anthropic'))(
  '@anthropic-ai/sdk',
) as { Anthropic: typeof Anthropic };

let app: TestApp;
let url: string;
beforeAll(async () => {
  app = await createTestApp();
  url = await app.url();
});
afterAll(() => app.close());

async function traceOf(id: string | null | undefined) {
  await app.services.ledger.flush();
  return app.services.ledger.getTrace(id ?? '', null);
}

describe.each([
  ['1.12', Anthropic, 'Bearer any-key', '2026-10-21'],
  ['0.122', olderSdk.Anthropic, 'any-key', '2023-06-01'],
])('the client %s against the scripted model', (_version, Client, credential, apiVersion) => {
  const seen: Headers[] = [];
  let client: Anthropic;
  beforeAll(() => {
    client = new Client({
      baseURL: url,
      apiKey: 'any-key',
      maxRetries: 0,
      fetch: async (address, init) => {
        seen.push(new Headers(init?.headers));
        return fetch(address, init);
      },
    });
  });

  test('a plain message, its usage, and its trace', async () => {
    const { data, response, request_id } = await client.messages
      .create({ model, max_tokens: 50, system: 'Be brief.', messages: user('#text Hello there') })
      .withResponse();
    expect(data).toMatchObject({
      type: 'message',
      role: 'assistant',
      model,
      content: [{ type: 'text', text: 'Hello there' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { output_tokens: 2 },
    });
    expect(request_id).toBe(response.headers.get('x-request-id'));
    const trace = await traceOf(response.headers.get('x-atelier-trace-id'));
    expect(trace.summary).toMatchObject({ status: 'ok', source: 'api', model });
    expect(trace.summary.usage.input).toBe(data.usage.input_tokens);
    const headers = seen.at(-1);
    expect(headers?.get('anthropic-version')).toBe(apiVersion);
    expect(headers?.get('authorization') ?? headers?.get('x-api-key')).toBe(credential);
  });

  test('the stream helper puts thinking, text and a tool call together', async () => {
    const script = '#reasoning First I think.\n#text Looking.\n#tool get_weather {"city":"Paris"}';
    const request = { model, max_tokens: 100, tools: [weather], messages: user(script) };
    const stream = client.messages.stream({
      ...request,
      thinking: { type: 'enabled', budget_tokens: 1024 },
    });
    const names: string[] = [];
    let text = '';
    stream.on('streamEvent', (event) => names.push(event.type));
    stream.on('text', (delta) => {
      text += delta;
    });
    const streamed = await stream.finalMessage();
    expect(names[0]).toBe('message_start');
    expect(names.at(-1)).toBe('message_stop');
    expect(text).toBe('Looking.');
    const plain = await client.messages.create(request);
    for (const message of [streamed, plain]) {
      expect(message.content).toMatchObject([
        { type: 'thinking', thinking: 'First I think.', signature: expect.any(String) },
        { type: 'text', text: 'Looking.' },
        { type: 'tool_use', name: 'get_weather', input: { city: 'Paris' } },
      ]);
      expect(message.stop_reason).toBe('tool_use');
    }
    expect(streamed.usage.output_tokens).toBe(plain.usage.output_tokens);
    expect(streamed.usage.input_tokens).toBe(plain.usage.input_tokens);
  });

  test('a tool’s result goes round, thinking and all', async () => {
    const messages: Anthropic.MessageParam[] = user(
      '#reasoning Hm.\n#tool get_weather {"city":"Lyon"}\n#text It is sunny.',
    );
    const request = { model, max_tokens: 100, tools: [weather] };
    const first = await client.messages.create({ ...request, messages });
    const call = first.content.find((block) => block.type === 'tool_use');
    messages.push(
      { role: 'assistant', content: first.content as Anthropic.ContentBlockParam[] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: call!.id, content: [{ type: 'text', text: 'sun' }] },
          { type: 'text', text: 'Be brief.' },
        ],
      },
    );
    const second = await client.messages.create({ ...request, messages });
    expect(second.content).toMatchObject([{ type: 'text', text: 'It is sunny.' }]);
    expect(second.stop_reason).toBe('end_turn');
  });

  test('a forced tool, one at a time, or none', async () => {
    const request = { model, max_tokens: 100, tools: [weather] };
    const forced = await client.messages.create({
      ...request,
      messages: user('hi'),
      tool_choice: { type: 'tool', name: 'get_weather' },
    });
    expect(forced.content[0]).toMatchObject({ type: 'tool_use', name: 'get_weather' });
    const twice = user('#tool get_weather {"city":"A"}\n#tool get_weather {"city":"B"}');
    const both = await client.messages.create({ ...request, messages: twice });
    expect(both.content).toHaveLength(2);
    const one = await client.messages.create({
      ...request,
      messages: twice,
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
    expect(one.content).toHaveLength(1);
    const none = await client.messages.create({ ...request, messages: twice, tool_choice: { type: 'none' } });
    expect(none.content.some(({ type }) => type === 'tool_use')).toBe(false);
  });

  test('a JSON schema', async () => {
    const shape = z.object({ city: z.string(), population: z.number() });
    const message = await client.messages.parse({
      model,
      max_tokens: 100,
      messages: user('Tell me about Paris.'),
      output_config: { format: zodOutputFormat(shape) },
    });
    expect(shape.safeParse(message.parsed_output).success).toBe(true);
  });

  test('stop sequences and limits', async () => {
    const stopped = await client.messages.create({
      model,
      max_tokens: 50,
      messages: user('#text one STOP two'),
      stop_sequences: ['STOP'],
    });
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'STOP' });
    const cut = await client.messages.create({ model, max_tokens: 2, messages: user('#text a b c') });
    expect(cut.stop_reason).toBe('max_tokens');
  });

  test('tokens are counted as they are read', async () => {
    const request = { model, system: 'Be brief.', messages: user('#text Hello'), tools: [weather] };
    const { input_tokens } = await client.messages.countTokens(request);
    const message = await client.messages.create({ ...request, max_tokens: 5 });
    expect(input_tokens).toBe(message.usage.input_tokens);
  });

  test('models: all of them page by page, one by its id with a slash, and none', async () => {
    const ids: string[] = [];
    for await (const info of client.models.list({ limit: 2 })) ids.push(info.id);
    expect(ids).toContain(model);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, type: 'model' });
    await expect(client.models.retrieve('scripted/none')).rejects.toMatchObject({
      status: 404,
      error: { error: { type: 'not_found_error' } },
    });
  });

  test('a failure in mid-stream arrives as an error after the text so far', async () => {
    const stream = await client.messages.create({
      model,
      max_tokens: 50,
      messages: user('#text Half of\n#error-mid 502 The wire was cut'),
      stream: true,
    });
    let text = '';
    const read = async () => {
      for await (const event of stream)
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
          text += event.delta.text;
    };
    await expect(read()).rejects.toThrow('The wire was cut');
    expect(text).toBe('Half of');
  });

  test('a client that goes away stops the model at once', async () => {
    const { data: stream, response } = await client.messages
      .create({ model, max_tokens: 10_000, messages: user('#delay 20\n#words 5000'), stream: true })
      .withResponse();
    let seen = 0;
    for await (const _ of stream) if (++seen === 6) break;
    const id = response.headers.get('x-atelier-trace-id');
    await expect.poll(async () => (await traceOf(id)).summary.status, { timeout: 3000 }).toBe('cancelled');

    const cancelled = async () => {
      await app.services.ledger.flush();
      const { traces } = await app.services.ledger.listTraces({ status: 'cancelled', limit: 50 }, null);
      return traces.length;
    };
    const before = await cancelled();
    const abort = new AbortController();
    const plain = client.messages.create(
      { model, max_tokens: 5, messages: user('#wait 60000\n#text never') },
      { signal: abort.signal },
    );
    setTimeout(() => abort.abort(), 150);
    await expect(plain).rejects.toThrow();
    await expect.poll(cancelled, { timeout: 3000 }).toBe(before + 1);
  });
});

test('errors have the class of their status', async () => {
  const client = new Anthropic({ baseURL: url, apiKey: 'any', maxRetries: 0 });
  const send = (body: object) =>
    client.messages.create({ model, max_tokens: 10, messages: user('hi'), ...body } as never).then(
      () => null,
      (error: unknown) => error as InstanceType<typeof BadRequestError>,
    );
  const bad = await send({ max_tokens: 0 });
  expect(bad).toBeInstanceOf(BadRequestError);
  expect(bad).toMatchObject({ type: 'invalid_request_error', requestID: expect.stringMatching(/^req_/) });
  expect(bad?.message).toContain('max_tokens');
  expect(await send({ model: 'nobody/none' })).toBeInstanceOf(NotFoundError);
  const limited = await send({ messages: user('#error 429 Slow down') });
  expect(limited).toBeInstanceOf(RateLimitError);
  expect(limited?.headers?.get('retry-after')).toBe('1');
  const image = { type: 'base64', media_type: 'image/png', data: 'iVBORw0K' };
  const unseen = await send({ messages: [{ role: 'user', content: [{ type: 'image', source: image }] }] });
  expect(unseen).toBeInstanceOf(BadRequestError);
  expect(unseen?.message).toContain('images');
});

const models = process.env.ATELIER_TEST_MODELS;
const localModel = process.env.ATELIER_TEST_MODEL ?? 'local/smollm2-135m-instruct';

describe.skipIf(!models)('the client against a model of this machine (ATELIER_TEST_MODELS)', () => {
  let server: RunningServer;
  let client: Anthropic;
  beforeAll(async () => {
    server = await startServer({ dataDir: models ?? '' });
    client = new Anthropic({ baseURL: server.url, apiKey: 'unused', maxRetries: 0, timeout: 100_000 });
  });
  afterAll(() => server.stop({ keep: true }));

  test('plain and streamed, with the prompt counted before and after', async () => {
    const request = { model: localModel, max_tokens: 12, messages: user('What is the capital of France?') };
    const plain = await client.messages.create(request);
    expect(plain.content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(/\w/) });
    expect(plain.stop_reason).toMatch(/^(max_tokens|end_turn)$/);
    const { input_tokens } = await client.messages.countTokens({
      model: localModel,
      messages: request.messages,
    });
    // What was read before is a cache's, and counted apart.
    expect(plain.usage.input_tokens + (plain.usage.cache_read_input_tokens ?? 0)).toBe(input_tokens);
    const streamed = await client.messages.stream(request).finalMessage();
    expect(streamed.usage.output_tokens).toBeGreaterThan(0);
  });

  test('a stop sequence is named', async () => {
    const message = await client.messages.create({
      model: localModel,
      max_tokens: 200,
      // Its types have no temperature any more; programs of older versions send it.
      ...{ temperature: 0 },
      messages: user('Write three sentences about Paris.'),
      stop_sequences: ['.', 'xyzzy'],
    });
    expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: '.' });
  });

  test('a JSON schema holds', async () => {
    const schema = {
      type: 'object',
      properties: { capital: { type: 'string', maxLength: 20 } },
      required: ['capital'],
      additionalProperties: false,
    };
    const message = await client.messages.create({
      model: localModel,
      max_tokens: 60,
      messages: user('The capital of France, as JSON.'),
      output_config: { format: { type: 'json_schema', schema } },
    });
    const [block] = message.content;
    expect(JSON.parse(block?.type === 'text' ? block.text : '')).toEqual({ capital: expect.any(String) });
  });
});
