// The unmodified openai package over a real socket, against the scripted model; and again, with looser asserts, against
// a model of this machine: ATELIER_TEST_MODELS names the data folder that has it (`npm test` sets it).
import OpenAI, { type APIError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { ChatCompletionTool } from 'openai/resources/chat/completions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../create-test-app.ts';
import { type RunningServer, startServer } from '../start-server.ts';

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

const user = (content: string) => [{ role: 'user' as const, content }];
const weather: ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
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

  test('a plain answer, its usage, and its trace', async () => {
    const { data, response, request_id } = await client.chat.completions
      .create({
        model,
        messages: [{ role: 'developer', content: 'Be brief.' }, ...user('#text Hello there')],
      })
      .withResponse();
    expect(data).toMatchObject({
      object: 'chat.completion',
      model,
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          logprobs: null,
          message: { role: 'assistant', content: 'Hello there', refusal: null },
        },
      ],
    });
    expect(data.id).toMatch(/^chatcmpl/);
    expect(Math.abs(data.created - Date.now() / 1000)).toBeLessThan(60);
    expect(data.system_fingerprint).toMatch(/^fp_/);
    expect(data.usage?.completion_tokens).toBe(2);
    expect(data.usage?.total_tokens).toBe((data.usage?.prompt_tokens ?? 0) + 2);
    expect(data.usage?.prompt_tokens_details?.cached_tokens).toBe(0);
    expect(request_id).toBe(response.headers.get('x-request-id'));
    const trace = await traceOf(response.headers.get('x-atelier-trace-id'));
    expect(trace.summary).toMatchObject({ status: 'ok', source: 'api', model });
    expect(trace.summary.usage.output).toBe(2);
  });

  test('a stream ends with its usage, and says nothing of it unasked', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: user('#text One two three'),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('One two three');
    expect(chunks.filter((chunk) => chunk.choices[0]?.finish_reason).length).toBe(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 3 } });
    const quiet = await collect(
      await client.chat.completions.create({ model, messages: user('#text Hi'), stream: true }),
    );
    expect(quiet.every((chunk) => chunk.choices.length === 1 && !('usage' in chunk))).toBe(true);
  });

  test('the stream helper puts the answer together', async () => {
    const stream = client.chat.completions.stream({
      model,
      messages: user('#reasoning Hmm.\n#text Done now'),
    });
    const completion = await stream.finalChatCompletion();
    expect(completion.choices[0]?.message.content).toBe('Done now');
    expect(completion.choices[0]?.finish_reason).toBe('stop');
  });

  test('several choices, plain and streamed, are one trace', async () => {
    const { data, response } = await client.chat.completions
      .create({ model, messages: user('#text Thrice'), n: 3, seed: 7 })
      .withResponse();
    expect(data.choices.map((choice) => [choice.index, choice.message.content])).toEqual([
      [0, 'Thrice'],
      [1, 'Thrice'],
      [2, 'Thrice'],
    ]);
    expect(data.usage?.completion_tokens).toBe(3);
    const trace = await traceOf(response.headers.get('x-atelier-trace-id'));
    expect(trace.summary).toMatchObject({ status: 'ok', source: 'api', model });
    expect(trace.spans.filter((span) => span.kind === 'model')).toHaveLength(3);
    const streamed = await client.chat.completions
      .stream({ model, messages: user('#text Twice'), n: 2 })
      .finalChatCompletion();
    expect(streamed.choices.map((choice) => choice.message.content)).toEqual(['Twice', 'Twice']);
  });

  test('parse with a JSON schema', async () => {
    const answer = z.object({ city: z.string(), population: z.number(), capital: z.boolean() });
    const completion = await client.chat.completions.parse({
      model,
      messages: user('Tell me about Paris.'),
      response_format: zodResponseFormat(answer, 'city'),
    });
    expect(answer.safeParse(completion.choices[0]?.message.parsed).success).toBe(true);
  });

  test('a tool call, plain and streamed', async () => {
    const request = { model, tools: [weather], messages: user('#tool get_weather {"city":"Paris"}') };
    const completion = await client.chat.completions.create(request);
    expect(completion.choices[0]?.finish_reason).toBe('tool_calls');
    expect(completion.choices[0]?.message.content).toBeNull();
    expect(completion.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      type: 'function',
      function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
    });
    const streamed = await client.chat.completions.stream(request).finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
    });
  });

  test('runTools goes round through our own tool', async () => {
    const asked: string[] = [];
    const runner = client.chat.completions.runTools({
      model,
      stream: true,
      messages: user('#tool get_weather {"city":"Lyon"}'),
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'The weather of a city',
            parse: (text: string) => JSON.parse(text) as { city: string },
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
            function: ({ city }: { city: string }) => {
              asked.push(city);
              return 'sunny';
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toContain('sunny');
    expect(asked).toEqual(['Lyon']);
  });

  test('log-probabilities, plain and streamed', async () => {
    const request = { model, messages: user('#text Yes indeed'), logprobs: true, top_logprobs: 2 };
    const completion = await client.chat.completions.create(request);
    const content = completion.choices[0]?.logprobs?.content ?? [];
    expect(content.map((token) => token.token).join('')).toBe('Yes indeed');
    expect(content[0]?.logprob).toBeCloseTo(Math.log(0.9), 5);
    expect(content[0]?.top_logprobs).toHaveLength(2);
    const streamed = await client.chat.completions.stream(request).finalChatCompletion();
    expect(streamed.choices[0]?.logprobs?.content).toEqual(content);
  });

  test('models: a list, one by its id with a slash, and none', async () => {
    const ids = (await collect(await client.models.list())).map((entry) => entry.id);
    expect(ids).toContain(model);
    expect(await client.models.retrieve(model)).toMatchObject({
      id: model,
      object: 'model',
      owned_by: 'scripted',
    });
    await expect(client.models.retrieve('scripted/none')).rejects.toBeInstanceOf(NotFoundError);
  });

  test('embeddings: base64 unless told otherwise, and the same as numbers', async () => {
    const ask = { model: 'scripted/embed', input: ['un chat', 'un chien', 'un chat'] };
    const packed = await client.embeddings.create(ask);
    const plain = await client.embeddings.create({ ...ask, encoding_format: 'float' });
    expect(packed.data.map(({ index }) => index)).toEqual([0, 1, 2]);
    const [cat, dog, again] = packed.data.map(({ embedding }) => embedding);
    expect(cat).toEqual(again);
    expect(cat).not.toEqual(dog);
    for (const [place, value] of plain.data[0]!.embedding.entries())
      expect(cat![place]).toBeCloseTo(value, 6);
    expect(packed).toMatchObject({ object: 'list', model: 'scripted/embed' });
    expect(packed.usage.prompt_tokens).toBeGreaterThan(0);
    const size = cat!.length;
    const one = await client.embeddings.create({ model: 'scripted/embed', input: 'un', dimensions: size });
    expect(one.data).toHaveLength(1);
    const refused = (body: object) =>
      client.embeddings.create({ ...ask, ...body } as never).then(
        () => null,
        (error: unknown) => error as APIError,
      );
    expect(await refused({ dimensions: size + 1 })).toMatchObject({ status: 400, param: 'dimensions' });
    expect(await refused({ input: [[1, 2, 3]] })).toMatchObject({ status: 400, param: 'input' });
    expect(await refused({ input: [] })).toMatchObject({ status: 400, param: 'input' });
    expect(await refused({ model })).toMatchObject({ status: 400 });
    expect(await refused({ model: 'nobody/none' })).toBeInstanceOf(NotFoundError);
  });

  test('an app and an agent are models, listed after the real ones, none of them the default', async () => {
    await app.services.registry.setAlias('default', model);
    const ids = (await collect(await client.models.list())).map((entry) => entry.id);
    expect(ids).toContain('apps/chatbot');
    expect(ids).toContain('agents/assistant');
    expect(ids[0]).toBe(model);
    const { data, response } = await client.chat.completions
      .create({ model: 'apps/chatbot', messages: user('#text Bonjour') })
      .withResponse();
    expect(JSON.parse(data.choices[0]?.message.content ?? '')).toEqual({ answer: 'Bonjour' });
    const trace = await traceOf(response.headers.get('x-atelier-trace-id'));
    expect(trace.summary.usage.output).toBe(data.usage?.completion_tokens);
    const script = '#tool calculator {"expression":"6*7"}\n#step\n#text It is 42.';
    const streamed = await client.chat.completions
      .stream({ model: 'agents/assistant', messages: user(script), stream_options: { include_usage: true } })
      .finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe('It is 42.');
    expect(streamed.choices[0]?.message.tool_calls).toBeUndefined();
    expect(streamed.usage?.completion_tokens).toBeGreaterThan(0);
    await app.services.registry.removeAlias('default');
  });

  test('errors have the class of their status, and say which field', async () => {
    const send = (body: object) =>
      client.chat.completions.create({ model, messages: user('hi'), ...body } as never).then(
        () => null,
        (error: unknown) => error as APIError,
      );
    for (const max_tokens of [2 ** 31, 0, 'ten', 1.5]) {
      const error = await send({ max_tokens });
      expect(error, String(max_tokens)).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({ param: 'max_tokens', type: 'invalid_request_error' });
      expect(error?.message).toContain('max_tokens');
    }
    expect(await send({ messages: [{ role: 'user', content: 3 }] })).toMatchObject({
      param: 'messages[0].content',
    });
    expect(await send({ temperature: 3 })).toMatchObject({ param: 'temperature' });
    const unknown = await send({ model: 'nobody/nothing' });
    expect(unknown).toBeInstanceOf(NotFoundError);
    expect(unknown).toMatchObject({ code: 'model_not_found', param: 'model' });
    const limited = await send({ messages: user('#error 429 Slow down') });
    expect(limited).toBeInstanceOf(RateLimitError);
    expect(limited?.headers?.get('retry-after')).toBe('1');
    const overflow = await send({ messages: user('word '.repeat(40_000)) });
    expect(overflow).toBeInstanceOf(BadRequestError);
    expect(overflow).toMatchObject({ code: 'context_length_exceeded' });
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    const unseen = await send({ messages: [{ role: 'user', content: [picture] }] });
    expect(unseen).toMatchObject({ status: 400, code: 'unsupported_content' });
  });

  test('a failure in mid-stream arrives as an error after the text so far', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: user('#text Half of\n#error-mid 502 The wire was cut'),
      stream: true,
    });
    let text = '';
    const read = async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    };
    await expect(read()).rejects.toThrow('The wire was cut');
    expect(text).toBe('Half of');
  });

  test('a client that goes away stops the model at once', async () => {
    const { data: stream, response } = await client.chat.completions
      .create({ model, messages: user('#delay 20\n#words 5000'), stream: true })
      .withResponse();
    let seen = 0;
    for await (const _ of stream) if (++seen === 5) break;
    const id = response.headers.get('x-atelier-trace-id');
    await expect.poll(async () => (await traceOf(id)).summary.status, { timeout: 3000 }).toBe('cancelled');

    const abort = new AbortController();
    const plain = client.chat.completions.create(
      { model, messages: user('#wait 60000\n#text never') },
      { signal: abort.signal },
    );
    setTimeout(() => abort.abort(), 150);
    await expect(plain).rejects.toThrow();
    await expect
      .poll(
        async () => {
          await app.services.ledger.flush();
          const { traces } = await app.services.ledger.listTraces({ status: 'cancelled', limit: 10 }, null);
          return traces.length;
        },
        { timeout: 3000 },
      )
      .toBe(2);
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

  test('plain, with a length limit', async () => {
    const completion = await client.chat.completions.create({
      model: localModel,
      messages: user('What is the capital of France? Answer in one word.'),
      temperature: 0,
      max_tokens: 20,
    });
    expect(completion.choices[0]?.message.content?.length).toBeGreaterThan(0);
    expect(completion.usage?.completion_tokens).toBeLessThanOrEqual(20);
    expect(completion.usage?.prompt_tokens).toBeGreaterThan(5);
  });

  test('streaming with usage', async () => {
    const stream = await client.chat.completions.create({
      model: localModel,
      messages: user('Count from one to five.'),
      max_tokens: 24,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('').length).toBeGreaterThan(0);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(0);
  });

  test('a JSON schema is kept to', async () => {
    const answer = z.object({ city: z.string(), capital: z.boolean() });
    const completion = await client.chat.completions.parse({
      model: localModel,
      messages: user('Describe Paris as JSON.'),
      response_format: zodResponseFormat(answer, 'city'),
      temperature: 0,
      max_tokens: 200,
    });
    expect(answer.safeParse(completion.choices[0]?.message.parsed).success).toBe(true);
  });

  test('a forced tool call has arguments of the schema', async () => {
    const completion = await client.chat.completions.create({
      model: localModel,
      messages: user('What is the weather in Paris?'),
      tools: [weather],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
      temperature: 0,
      max_tokens: 200,
    });
    const call = completion.choices[0]?.message.tool_calls?.[0];
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toHaveProperty('city');
    expect(completion.choices[0]?.finish_reason).toBe('tool_calls');
  });

  test('log-probabilities are of the text', async () => {
    const completion = await client.chat.completions.create({
      model: localModel,
      messages: user('Say yes.'),
      logprobs: true,
      top_logprobs: 3,
      temperature: 0,
      max_tokens: 5,
    });
    const content = completion.choices[0]?.logprobs?.content ?? [];
    expect(content.length).toBeGreaterThan(0);
    expect(content.every((token) => token.logprob <= 0 && token.top_logprobs.length === 3)).toBe(true);
  });

  test('a prompt that does not fit is refused with both numbers', async () => {
    const call = client.chat.completions.create({
      model: localModel,
      messages: user('word '.repeat(300_000)),
    });
    await expect(call).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
  });
});
