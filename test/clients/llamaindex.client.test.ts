// A LlamaIndex.TS program with our OpenAI API as its model and its tools: against the scripted model, and with looser
// asserts against a model of this machine (ATELIER_TEST_MODELS names the data folder that has it).
import { OpenAI, OpenAIEmbedding } from '@llamaindex/openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openServed } from '../open-served.ts';
import { type RunningServer, startServer } from '../start-server.ts';

const asked: unknown[] = [];
const multiply = {
  call: ({ a, b }: { a: number; b: number }) => {
    asked.push([a, b]);
    return String(a * b);
  },
  metadata: {
    name: 'multiply',
    description: 'Multiplies two numbers.',
    parameters: {
      type: 'object' as const,
      properties: { a: { type: 'number' as const }, b: { type: 'number' as const } },
      required: ['a', 'b'],
    },
  },
};
const user = (content: string) => [{ role: 'user' as const, content }];
const open = (url: string, model: string, more: object = {}) =>
  new OpenAI({ model, apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 0, ...more });

describe('LlamaIndex on the scripted model', () => {
  let served: Awaited<ReturnType<typeof openServed>>;
  let llm: OpenAI;
  beforeAll(async () => {
    served = await openServed();
    llm = open(served.url, 'scripted/script');
  });
  afterAll(() => served.close());

  test('chat and complete, whole and streamed', async () => {
    const { message } = await llm.chat({ messages: user('#text Bonjour') });
    expect(message.content).toBe('Bonjour');
    expect((await llm.complete({ prompt: '#text Encore' })).text).toBe('Encore');
    let text = '';
    for await (const chunk of await llm.chat({ messages: user('#text One two three'), stream: true }))
      text += chunk.delta;
    expect(text).toBe('One two three');
  });

  test('tool calls go round until there are none', async () => {
    const messages: Parameters<typeof llm.exec>[0]['messages'] = user(
      '#tool multiply {"a":6,"b":7}\n#text It is 42.',
    );
    const first = await llm.exec({ messages, tools: [multiply] });
    expect(first.toolCalls).toMatchObject([{ name: 'multiply', input: { a: 6, b: 7 } }]);
    const second = await llm.exec({ messages: [...messages, ...first.newMessages], tools: [multiply] });
    expect(second.toolCalls).toEqual([]);
    expect(second.newMessages.at(-1)?.content).toBe('It is 42.');
    expect(asked).toEqual([[6, 7]]);
  });

  test('embeddings', async () => {
    const embedding = new OpenAIEmbedding({
      model: 'scripted/embed',
      apiKey: 'any',
      baseURL: `${served.url}/v1`,
    });
    const [one, two] = await embedding.getTextEmbeddings(['un chat', 'un train']);
    expect(one?.length).toBeGreaterThan(0);
    expect(one).not.toEqual(two);
  });

  test('an app and an agent of ours are its models', async () => {
    const app = await open(served.url, 'apps/chatbot').chat({ messages: user('#text Bonjour') });
    expect(JSON.parse(String(app.message.content))).toEqual({ answer: 'Bonjour' });
    const agent = await open(served.url, 'agents/assistant').chat({ messages: user('#text Salut') });
    expect(agent.message.content).toBe('Salut');
  });
});

const models = process.env.ATELIER_TEST_MODELS;
const localModel = process.env.ATELIER_TEST_MODEL ?? 'local/smollm2-135m-instruct';

describe.skipIf(!models)('LlamaIndex on a model of this machine (ATELIER_TEST_MODELS)', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ dataDir: models ?? '' });
  });
  afterAll(() => server.stop({ keep: true }));

  test('an answer, and a forced tool call of the tool’s schema', async () => {
    const llm = open(server.url, localModel, { temperature: 0, maxTokens: 40 });
    const { message } = await llm.chat({ messages: user('Say hello.') });
    expect(String(message.content).length).toBeGreaterThan(0);
    const forced = await llm.chat({
      messages: user('What is 6 times 7?'),
      tools: [multiply],
      additionalChatOptions: { tool_choice: { type: 'function', function: { name: 'multiply' } } },
    });
    const options = forced.message.options as { toolCall?: { name: string; input: unknown }[] } | undefined;
    expect(options?.toolCall?.[0]?.name).toBe('multiply');
  });
});
