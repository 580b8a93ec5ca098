// The unmodified openai package on the Responses and completions wires over a real socket, against the scripted model;
// and again, with looser asserts, against a model of this machine (ATELIER_TEST_MODELS names the data folder that has it).
import OpenAI, { type APIError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import type {
  FunctionTool,
  ResponseInputItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../create-test-app.ts';
import { type RunningServer, startServer } from '../start-server.ts';

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

const weather: FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
  strict: true,
};

describe('the openai client against the scripted model', () => {
  const model = 'scripted/script';
  let app: TestApp;
  let client: OpenAI;
  beforeAll(async () => {
    app = await createTestApp();
    client = new OpenAI({ baseURL: `${await app.url()}/v1`, apiKey: 'any-key-is-accepted', maxRetries: 0 });
  });
  afterAll(() => app.close());

  async function traceOf(id: string | null | undefined) {
    await app.services.ledger.flush();
    return app.services.ledger.getTrace(id ?? '', null);
  }

  test('a plain response, its usage, and its trace', async () => {
    const { data, response } = await client.responses
      .create({ model, instructions: 'Be brief.', input: '#text Hello there' })
      .withResponse();
    expect(data.output_text).toBe('Hello there');
    expect(data.status).toBe('completed');
    const trace = await traceOf(response.headers.get('x-atelier-trace-id'));
    expect(trace.summary).toMatchObject({ status: 'ok', source: 'api', model });
    expect(trace.summary.usage.output).toBe(data.usage?.output_tokens);
    expect(trace.summary.usage.input).toBe(data.usage?.input_tokens);
  });

  test('the stream helper puts the response together', async () => {
    const stream = client.responses.stream({ model, input: '#reasoning Hm.\n#text Done now' });
    const seen: string[] = [];
    stream.on('response.output_text.delta', (event) => seen.push(event.delta));
    const response = await stream.finalResponse();
    expect(seen.join('')).toBe('Done now');
    expect(response.output_text).toBe('Done now');
    expect(response.output.map((item) => item.type)).toEqual(['reasoning', 'message']);
    expect(response.usage?.output_tokens).toBeGreaterThan(2);
  });

  test('a conversation goes on from the response before', async () => {
    const first = await client.responses.create({ model, input: 'My name is Ada.' });
    const second = await client.responses.create({
      model,
      previous_response_id: first.id,
      input: '#text You are Ada.',
    });
    expect(second.output_text).toBe('You are Ada.');
    expect(second.previous_response_id).toBe(first.id);
    // The first question was read again.
    expect(second.usage?.input_tokens).toBeGreaterThan((first.usage?.input_tokens ?? 0) + 3);
    const items = await collect(client.responses.inputItems.list(second.id));
    expect(items).toMatchObject([{ type: 'message', role: 'user' }]);
    expect((await client.responses.retrieve(second.id)).output_text).toBe('You are Ada.');
    await client.responses.delete(first.id);
    await expect(client.responses.retrieve(first.id)).rejects.toBeInstanceOf(NotFoundError);
  });

  test('parse with a JSON schema', async () => {
    const answer = z.object({ city: z.string(), population: z.number(), capital: z.boolean() });
    const request = { model, input: 'Tell me about Paris.', text: { format: zodTextFormat(answer, 'city') } };
    const plain = await client.responses.parse(request);
    expect(answer.safeParse(plain.output_parsed).success).toBe(true);
    const streamed = await client.responses.stream(request).finalResponse();
    expect(streamed.output_parsed).toEqual(plain.output_parsed);
  });

  test('a function goes round, sent back in full', async () => {
    const input: ResponseInputItem[] = [
      { role: 'user', content: '#tool get_weather {"city":"Paris"}\n#text It is sunny.' },
    ];
    const first = await client.responses.stream({ model, input, tools: [weather] }).finalResponse();
    const call = first.output.find((item) => item.type === 'function_call');
    expect(call).toMatchObject({ name: 'get_weather', arguments: '{"city":"Paris"}' });
    input.push(...(first.output as ResponseInputItem[]), {
      type: 'function_call_output',
      call_id: call!.call_id,
      output: 'sunny',
    });
    const second = await client.responses.create({ model, input, tools: [weather] });
    expect(second.output_text).toBe('It is sunny.');
  });

  test('in the background: followed, taken up again, cancelled', async () => {
    const stream = await client.responses.create({
      model,
      input: '#delay 5\n#text One two three',
      background: true,
      stream: true,
    });
    const events = await collect<ResponseStreamEvent>(stream);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, i) => i));
    const [created] = events;
    const id = created?.type === 'response.created' ? created.response.id : '';
    const rest = await collect<ResponseStreamEvent>(
      await client.responses.retrieve(id, { stream: true, starting_after: 3 }),
    );
    expect(rest).toEqual(events.slice(4));
    const again = await client.responses.stream({ response_id: id, starting_after: 3 }).finalResponse();
    expect(again.output_text).toBe('One two three');

    const long = await client.responses.create({ model, input: '#delay 20\n#words 5000', background: true });
    expect(long.status).toBe('queued');
    expect((await client.responses.cancel(long.id)).status).toBe('cancelled');
    expect((await client.responses.retrieve(long.id)).status).toBe('cancelled');
  });

  test('a reader that aborts stops the model at once', async () => {
    const { data: stream, response } = await client.responses
      .create({ model, input: '#delay 20\n#words 5000', stream: true })
      .withResponse();
    let seen = 0;
    for await (const _ of stream) if (++seen === 8) break;
    const id = response.headers.get('x-atelier-trace-id');
    await expect.poll(async () => (await traceOf(id)).summary.status, { timeout: 3000 }).toBe('cancelled');
  });

  test('input tokens', async () => {
    const body = { model, input: 'One two three' };
    const counted = await client.responses.inputTokens.count(body);
    expect(counted.input_tokens).toBe((await client.responses.create(body)).usage?.input_tokens);
  });

  test('errors have the class of their status, and say which field', async () => {
    const send = (body: object) =>
      client.responses.create({ model, input: 'hi', ...body } as never).then(
        () => null,
        (error: unknown) => error as APIError,
      );
    const wrong = await send({ max_output_tokens: 0 });
    expect(wrong).toBeInstanceOf(BadRequestError);
    expect(wrong).toMatchObject({ param: 'max_output_tokens', type: 'invalid_request_error' });
    expect(await send({ model: 'nobody/none' })).toBeInstanceOf(NotFoundError);
    const limited = await send({ input: '#error 429 Slow down' });
    expect(limited).toBeInstanceOf(RateLimitError);
    expect(limited?.headers?.get('retry-after')).toBe('1');
    expect(await send({ previous_response_id: 'resp_none' })).toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
    });
    expect(await send({ input: 'word '.repeat(40_000) })).toMatchObject({ code: 'context_length_exceeded' });
    const picture = { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' };
    expect(await send({ input: [{ role: 'user', content: [picture] }] })).toMatchObject({
      status: 400,
      code: 'unsupported_content',
    });
    const stream = client.responses.stream({
      model,
      input: '#text Half of\n#error-mid 502 The wire was cut',
    });
    await expect(stream.finalResponse()).rejects.toThrow('The wire was cut');
  });

  test('completions: plain, streamed, several prompts, scored', async () => {
    const ask = { model, prompt: '#text One two' };
    const { data, response } = await client.completions.create(ask).withResponse();
    expect(data.choices[0]?.text).toBe('One two');
    const trace = await traceOf(response.headers.get('x-atelier-trace-id'));
    expect(trace.summary.usage.output).toBe(data.usage?.completion_tokens);
    const chunks = await collect(
      await client.completions.create({ ...ask, stream: true, stream_options: { include_usage: true } }),
    );
    expect(chunks.map((chunk) => chunk.choices[0]?.text ?? '').join('')).toBe('One two');
    expect(chunks.at(-1)?.usage).toEqual(data.usage);
    const many = await client.completions.create({ model, prompt: ['#text A', '#text B'], n: 2 });
    expect(many.choices.map((choice) => choice.text)).toEqual(['A', 'A', 'B', 'B']);
    const scored = await client.completions.create({
      ...ask,
      echo: true,
      logprobs: 1,
      max_tokens: 0,
    });
    expect(scored.choices[0]?.text).toBe(ask.prompt);
    expect(scored.choices[0]?.logprobs?.token_logprobs).toHaveLength(3);
    await expect(client.completions.create({ ...ask, suffix: 'x' })).rejects.toMatchObject({
      status: 400,
      param: 'suffix',
    });
  });
});

const models = process.env.ATELIER_TEST_MODELS;
const localModel = process.env.ATELIER_TEST_MODEL ?? 'local/smollm2-135m-instruct';

describe.skipIf(!models)('the openai client against a model of this machine (ATELIER_TEST_MODELS)', () => {
  let server: RunningServer;
  let client: OpenAI;
  beforeAll(async () => {
    server = await startServer({ dataDir: models ?? '' });
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'unused', maxRetries: 0, timeout: 100_000 });
  });
  afterAll(() => server.stop({ keep: true }));

  test('a response, streamed, and the next one from it', async () => {
    const first = await client.responses
      .stream({ model: localModel, input: 'Say hello.', temperature: 0, max_output_tokens: 20 })
      .finalResponse();
    expect(first.output_text.length).toBeGreaterThan(0);
    const second = await client.responses.create({
      model: localModel,
      previous_response_id: first.id,
      input: 'Say it again.',
      max_output_tokens: 10,
    });
    expect(second.usage?.input_tokens).toBeGreaterThan((first.usage?.input_tokens ?? 0) + 5);
  });

  test('a forced function has arguments of the schema', async () => {
    const { output } = await client.responses.create({
      model: localModel,
      input: 'What is the weather in Paris?',
      tools: [weather],
      tool_choice: { type: 'function', name: 'get_weather' },
      temperature: 0,
      max_output_tokens: 200,
    });
    const call = output.find((item) => item.type === 'function_call');
    expect(JSON.parse(call?.arguments ?? '')).toHaveProperty('city');
  });

  test('a prompt is scored, as text and as tokens, and its likelier ending is found', async () => {
    const score = async (prompt: string | number[]) => {
      const { choices } = await client.completions.create({
        model: localModel,
        prompt,
        echo: true,
        logprobs: 1,
        max_tokens: 1,
        temperature: 0,
      });
      const list = choices[0]?.logprobs?.token_logprobs ?? [];
      expect(list[0]).toBeNull();
      // The last one is of the token that was written.
      const prompted = list.slice(1, -1);
      expect(prompted.every((value) => value !== null && value <= 0)).toBe(true);
      return { tokens: list.length - 1, sum: prompted.reduce<number>((sum, value) => sum + (value ?? 0), 0) };
    };
    const likely = await score('The capital of France is Paris');
    const unlikely = await score('The capital of France is banana');
    expect(likely.sum).toBeGreaterThan(unlikely.sum);
    expect((await score([100, 200, 300, 400])).tokens).toBe(4);
  });
});
