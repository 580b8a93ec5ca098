// A LangChain 1.x program with our Anthropic API as its model, unmodified: against the scripted model, and with looser
// asserts against a model of this machine (ATELIER_TEST_MODELS names the data folder that has it).
import { ChatAnthropic } from '@langchain/anthropic';
import { type AIMessage, HumanMessage, type ToolMessage } from '@langchain/core/messages';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { tool } from '@langchain/core/tools';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openServed } from '../open-served.ts';
import { type RunningServer, startServer } from '../start-server.ts';

const chat = (url: string, model: string, more: object = {}) =>
  new ChatAnthropic({ model, apiKey: 'any', anthropicApiUrl: url, maxRetries: 0, maxTokens: 200, ...more });

const multiply = tool(({ a, b }: { a: number; b: number }) => String(a * b), {
  name: 'multiply',
  description: 'Multiplies two numbers.',
  schema: z.object({ a: z.number(), b: z.number() }),
});

describe('LangChain’s Anthropic on the scripted model', () => {
  let served: Awaited<ReturnType<typeof openServed>>;
  let llm: ChatAnthropic;
  beforeAll(async () => {
    served = await openServed();
    llm = chat(served.url, 'scripted/script');
  });
  afterAll(() => served.close());

  test('a chain of prompt and model, whole and streamed', async () => {
    const chain = ChatPromptTemplate.fromMessages([
      ['system', 'Be brief.'],
      ['human', '#text Bonjour {name}'],
    ]).pipe(llm);
    const answer = await chain.invoke({ name: 'Léa' });
    expect(answer.text).toBe('Bonjour Léa');
    expect(answer).toMatchObject({ usage_metadata: { output_tokens: 2 } });
    let text = '';
    for await (const chunk of await chain.stream({ name: 'Zoé' })) text += chunk.text;
    expect(text).toBe('Bonjour Zoé');
  });

  test.each([false, true])('tool calls go round, streamed: %s', async (streaming) => {
    const withTools = chat(served.url, 'scripted/script', { streaming }).bindTools([multiply]);
    const messages: (HumanMessage | AIMessage | ToolMessage)[] = [
      new HumanMessage('#tool multiply {"a":6,"b":7}\n#text It is 42.'),
    ];
    const first = await withTools.invoke(messages);
    expect(first.tool_calls).toMatchObject([{ name: 'multiply', args: { a: 6, b: 7 } }]);
    messages.push(first, (await multiply.invoke(first.tool_calls![0]!)) as ToolMessage);
    expect(messages.at(-1)?.content).toBe('42');
    expect((await withTools.invoke(messages)).text).toBe('It is 42.');
  });

  test.each(['functionCalling', 'jsonSchema'] as const)('an object of a schema by %s', async (method) => {
    const schema = z.object({ city: z.string(), population: z.number() });
    const answer = await llm.withStructuredOutput(schema, { method }).invoke('Tell me about Paris.');
    expect(schema.safeParse(answer).success).toBe(true);
  });

  test('thinking is shown and taken back', async () => {
    const thinking = chat(served.url, 'scripted/script', {
      maxTokens: 4000,
      thinking: { type: 'enabled', budget_tokens: 2000 },
    });
    const question = new HumanMessage('#reasoning Hm.\n#text Yes.');
    const answer = await thinking.invoke([question]);
    expect(answer.content).toMatchObject([
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'text', text: 'Yes.' },
    ]);
    const next = await thinking.invoke([question, answer, new HumanMessage('#text Again.')]);
    expect(next.text).toBe('Again.');
  });

  test('a refusal says why', async () => {
    await expect(chat(served.url, 'nobody/none').invoke('hi')).rejects.toThrow('nobody/none');
  });
});

const models = process.env.ATELIER_TEST_MODELS;
const localModel = process.env.ATELIER_TEST_MODEL ?? 'local/smollm2-135m-instruct';

describe.skipIf(!models)('LangChain’s Anthropic on a model of this machine (ATELIER_TEST_MODELS)', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ dataDir: models ?? '' });
  });
  afterAll(() => server.stop({ keep: true }));

  test('whole and streamed', async () => {
    const llm = chat(server.url, localModel, { maxTokens: 12 });
    expect((await llm.invoke('What is the capital of France?')).text).toMatch(/\w/);
    let text = '';
    for await (const chunk of await llm.stream('What is the capital of Italy?')) text += chunk.text;
    expect(text).toMatch(/\w/);
  });
});
