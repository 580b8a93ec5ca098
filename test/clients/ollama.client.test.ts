// The unmodified ollama package over a real socket, against the scripted model; and again, with looser asserts, against
// models of this machine: ATELIER_TEST_MODELS names the data folder that has them (`npm test` sets it).
import { type ChatResponse, Ollama, type Tool } from 'ollama';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../create-test-app.ts';
import { startHubServer } from '../hub-server.ts';
import { type RunningServer, startServer } from '../start-server.ts';
import { tinyGguf } from '../tiny-gguf.ts';

const model = 'scripted/script';
const user = (content: string) => [{ role: 'user', content }];
const weather: Tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

describe('the ollama client against the scripted model', () => {
  let app: TestApp;
  let ollama: Ollama;
  beforeAll(async () => {
    app = await createTestApp();
    ollama = new Ollama({ host: await app.url() });
  });
  afterAll(() => app.close());

  const newestStatus = async () => {
    await app.services.ledger.flush();
    const { traces } = await app.services.ledger.listTraces({ limit: 1 }, null);
    return traces[0]?.status;
  };

  test('chat, plain and streamed', async () => {
    const request = { model, messages: user('#reasoning Hm.\n#text Hello there'), think: true };
    const plain = await ollama.chat(request);
    expect(plain).toMatchObject({
      model,
      message: { role: 'assistant', content: 'Hello there', thinking: 'Hm.' },
      done: true,
      done_reason: 'stop',
      eval_count: 3,
    });
    expect(Math.abs(new Date(plain.created_at).getTime() - Date.now())).toBeLessThan(60_000);
    const chunks = await collect(await ollama.chat({ ...request, stream: true }));
    expect(chunks.map(({ message }) => message.content).join('')).toBe('Hello there');
    expect(chunks.map(({ message }) => message.thinking ?? '').join('')).toBe('Hm.');
    expect(chunks.at(-1)).toMatchObject({ done: true, eval_count: 3 });
    expect(chunks.at(-1)?.total_duration).toBeGreaterThan(0);
  });

  test('a tool’s result goes round, plain and streamed', async () => {
    const script = '#tool get_weather {"city":"Lyon"}\n#text It is sunny.';
    for (const ask of [
      (messages: object[]) => ollama.chat({ model, messages: messages as never, tools: [weather] }),
      async (messages: object[]) => {
        const request = { model, messages: messages as never, tools: [weather], stream: true as const };
        const chunks = await collect(await ollama.chat(request));
        const calls = chunks.flatMap(({ message }) => message.tool_calls ?? []);
        const content = chunks.map(({ message }) => message.content).join('');
        return { message: { role: 'assistant', content, tool_calls: calls } } as ChatResponse;
      },
    ]) {
      const messages: object[] = user(script);
      const first = await ask(messages);
      expect(first.message.tool_calls).toMatchObject([
        { function: { name: 'get_weather', arguments: { city: 'Lyon' } } },
      ]);
      messages.push(first.message, { role: 'tool', tool_name: 'get_weather', content: 'sun' });
      expect((await ask(messages)).message.content).toBe('It is sunny.');
    }
  });

  test('generate, with a schema', async () => {
    const plain = await ollama.generate({ model, prompt: '#text Once upon', system: 'Be brief.' });
    expect(plain).toMatchObject({ response: 'Once upon', done: true, done_reason: 'stop' });
    const chunks = await collect(await ollama.generate({ model, prompt: '#text Once upon', stream: true }));
    expect(chunks.map(({ response }) => response ?? '').join('')).toBe('Once upon');
    const shape = z.object({ city: z.string(), population: z.number() });
    const answer = await ollama.generate({ model, prompt: 'Paris', format: z.toJSONSchema(shape) });
    expect(shape.safeParse(JSON.parse(answer.response ?? '')).success).toBe(true);
  });

  test('options and log-probabilities', async () => {
    const cut = await ollama.chat({
      model,
      messages: user('#text one two three'),
      options: { num_predict: 2, num_ctx: 8192, temperature: 0 },
      logprobs: true,
      top_logprobs: 1,
    });
    expect(cut).toMatchObject({ message: { content: 'one two' }, done_reason: 'length', eval_count: 2 });
    expect(cut.logprobs?.map(({ token }) => token).join('')).toBe('one two');
    const stopped = await ollama.chat({
      model,
      messages: user('#text one STOP two'),
      options: { stop: ['STOP'] },
    });
    expect(stopped).toMatchObject({ message: { content: 'one ' }, done_reason: 'stop' });
  });

  test('vectors', async () => {
    const { embeddings } = await ollama.embed({ model: 'scripted/embed', input: ['un chat', 'un chien'] });
    expect(embeddings).toHaveLength(2);
    const { embedding } = await ollama.embeddings({ model: 'scripted/embed', prompt: 'un chat' });
    expect(embedding).toEqual(embeddings[0]);
  });

  test('models: list, what is in memory, what is known of one, and the version', async () => {
    const { models } = await ollama.list();
    expect(models.map(({ name }) => name)).toContain(model);
    expect((await ollama.ps()).models).toEqual([]);
    expect((await ollama.show({ model: `${model}:latest` })).capabilities).toEqual(['completion', 'tools']);
    expect(await ollama.version()).toEqual({ version: '0.0.0-test' });
  });

  test('errors have their status and say what to do', async () => {
    const failure = (asked: Promise<unknown>) =>
      asked.then(
        () => null,
        (error: unknown) => error,
      );
    expect(await failure(ollama.chat({ model: 'nobody', messages: user('hi') }))).toMatchObject({
      status_code: 404,
      error: expect.stringContaining('nobody'),
    });
    expect(await failure(ollama.copy({ source: model, destination: 'x' }))).toMatchObject({
      status_code: 501,
      error: expect.stringContaining('alias'),
    });
    const images = ['iVBORw0KGgo='];
    expect(
      await failure(ollama.chat({ model, messages: [{ role: 'user', content: 'x', images }] })),
    ).toMatchObject({
      status_code: 400,
    });
    const stream = await ollama.chat({
      model,
      messages: user('#text Half of\n#error-mid 502 The wire was cut'),
      stream: true,
    });
    await expect(collect(stream)).rejects.toThrow('The wire was cut');
  });

  test('a client that goes away stops the model at once', async () => {
    const stream = await ollama.chat({ model, messages: user('#delay 20\n#words 5000'), stream: true });
    const read = async () => {
      let seen = 0;
      for await (const _ of stream) if (++seen === 5) stream.abort();
    };
    await expect(read()).rejects.toThrow();
    await expect.poll(newestStatus, { timeout: 3000 }).toBe('cancelled');

    const abort = new AbortController();
    const leaving = new Ollama({
      host: await app.url(),
      fetch: (address, init) => fetch(address, { ...init, signal: abort.signal }),
    });
    const plain = leaving.generate({ model: 'scripted/script', prompt: '#wait 60000\n#text never' });
    setTimeout(() => abort.abort(), 150);
    await expect(plain).rejects.toThrow();
    await expect.poll(newestStatus, { timeout: 3000 }).toBe('cancelled');
  });
});

test('pull: a file of a hub, with its progress, to a model that is listed', async () => {
  const hub = await startHubServer(await tinyGguf({ name: 'Tiny', tensorBytes: 4_000_000 }));
  const server = await startServer({ env: { HF_ENDPOINT: hub.url } });
  try {
    const ollama = new Ollama({ host: server.url });
    const lines = await collect(await ollama.pull({ model: 'owner/name/tiny.gguf', stream: true }));
    expect(lines[0]?.status).toBe('pulling manifest');
    expect(lines.at(-1)?.status).toBe('success');
    const told = lines.filter(({ total }) => total !== undefined);
    expect(told.every(({ completed, total }) => completed <= total)).toBe(true);
    // A second pull joins what is there.
    expect(await ollama.pull({ model: 'owner/name/tiny.gguf' })).toEqual({ status: 'success' });
    const { models } = await ollama.list();
    const tiny = models.find(({ name }) => name === 'local/tiny');
    expect(tiny).toMatchObject({ size: hub.content.length, digest: hub.sha256 });
    expect(await ollama.show({ model: 'tiny' })).toMatchObject({ details: { format: 'gguf' } });
    await expect(ollama.pull({ model: 'owner/name', stream: true })).rejects.toMatchObject({
      status_code: 404,
    });
  } finally {
    await server.stop();
    await hub.close();
  }
});

const models = process.env.ATELIER_TEST_MODELS;
const localModel = process.env.ATELIER_TEST_MODEL ?? 'local/smollm2-135m-instruct';

describe.skipIf(!models)('the ollama client against models of this machine (ATELIER_TEST_MODELS)', () => {
  let server: RunningServer;
  let ollama: Ollama;
  beforeAll(async () => {
    server = await startServer({ dataDir: models ?? '' });
    ollama = new Ollama({ host: server.url });
  });
  afterAll(() => server.stop({ keep: true }));

  test('chat by the short name, with the engine’s own times', async () => {
    const chunks = await collect(
      await ollama.chat({
        model: localModel.replace(/^local\//, ''),
        messages: user('What is the capital of France?'),
        options: { num_predict: 12, temperature: 0 },
        stream: true,
      }),
    );
    expect(chunks.map(({ message }) => message.content).join('')).toMatch(/\w/);
    const last = chunks.at(-1);
    expect(last).toMatchObject({ done: true, eval_count: expect.any(Number) });
    expect(last?.eval_duration).toBeGreaterThan(0);
    expect(last?.prompt_eval_count).toBeGreaterThan(5);
  });

  test('a schema holds', async () => {
    const shape = z.object({ capital: z.string().max(20) });
    const { response } = await ollama.generate({
      model: localModel,
      prompt: 'The capital of France, as JSON.',
      format: z.toJSONSchema(shape),
      options: { num_predict: 60 },
    });
    expect(shape.safeParse(JSON.parse(response ?? '')).success).toBe(true);
  });

  test('what is in memory, what is known of it, and how it is let go', async () => {
    await ollama.generate({ model: localModel, prompt: '' });
    const { models: loaded } = await ollama.ps();
    expect(loaded).toMatchObject([{ name: localModel, size: expect.any(Number) }]);
    const shown = await ollama.show({ model: localModel });
    expect(shown).toMatchObject({ capabilities: expect.arrayContaining(['completion']) });
    expect(shown.template).toContain('message');
    await ollama.generate({ model: localModel, prompt: '', keep_alive: 0 });
    expect((await ollama.ps()).models).toEqual([]);
  });

  test('vectors of a model', async () => {
    const { embeddings } = await ollama.embed({
      model: 'multilingual-e5-small',
      input: ['un chat', 'a cat'],
    });
    expect(embeddings[0]).toHaveLength(384);
    expect(embeddings).toHaveLength(2);
  });
});
