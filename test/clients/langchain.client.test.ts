// A LangChain 1.x program with our OpenAI API as its model, its tools and its embeddings: against the scripted model, and
// with looser asserts against a model of this machine (ATELIER_TEST_MODELS names the data folder that has it).
import { type AIMessage, HumanMessage, SystemMessage, type ToolMessage } from '@langchain/core/messages';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openServed } from '../open-served.ts';
import { type RunningServer, startServer } from '../start-server.ts';

const multiply = tool(({ a, b }: { a: number; b: number }) => String(a * b), {
  name: 'multiply',
  description: 'Multiplies two numbers.',
  schema: z.object({ a: z.number(), b: z.number() }),
});

const chat = (url: string, model: string) =>
  new ChatOpenAI({ model, apiKey: 'any', maxRetries: 0, configuration: { baseURL: `${url}/v1` } });

/** The loop of an agent, as LangChain programs write it: until no tool is asked for. */
async function converse(llm: ChatOpenAI, question: string): Promise<{ answer: AIMessage; calls: number }> {
  const withTools = llm.bindTools([multiply]);
  const messages: (HumanMessage | AIMessage | ToolMessage)[] = [new HumanMessage(question)];
  for (let calls = 0; calls < 5; ) {
    const answer = await withTools.invoke(messages);
    if (!answer.tool_calls?.length) return { answer, calls };
    messages.push(answer);
    for (const call of answer.tool_calls) {
      calls += 1;
      messages.push((await multiply.invoke(call)) as ToolMessage);
    }
  }
  throw new Error('the model never stopped calling tools');
}

describe('LangChain on the scripted model', () => {
  let served: Awaited<ReturnType<typeof openServed>>;
  let llm: ChatOpenAI;
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
    expect(answer.content).toBe('Bonjour Léa');
    expect(answer).toMatchObject({ usage_metadata: { output_tokens: 2 } });
    let text = '';
    for await (const chunk of await chain.stream({ name: 'Zoé' })) text += chunk.text;
    expect(text).toBe('Bonjour Zoé');
  });

  test('tool calls go round', async () => {
    const { answer, calls } = await converse(llm, '#tool multiply {"a":6,"b":7}\n#text It is 42.');
    expect(calls).toBe(1);
    expect(answer.content).toBe('It is 42.');
  });

  test('a tool call arrives in chunks', async () => {
    let whole: Awaited<ReturnType<typeof llm.invoke>> | undefined;
    for await (const chunk of await llm.bindTools([multiply]).stream('#tool multiply {"a":6,"b":7}'))
      whole = whole === undefined ? chunk : whole.concat(chunk as never);
    expect(whole?.tool_calls).toMatchObject([{ name: 'multiply', args: { a: 6, b: 7 } }]);
  });

  test('structured output', async () => {
    const city = z.object({ city: z.string(), inhabitants: z.number() });
    const answer = await llm.withStructuredOutput(city).invoke('Tell me about Lyon.');
    expect(city.safeParse(answer).success).toBe(true);
  });

  test('embeddings', async () => {
    const embeddings = new OpenAIEmbeddings({
      model: 'scripted/embed',
      apiKey: 'any',
      configuration: { baseURL: `${served.url}/v1` },
    });
    const query = await embeddings.embedQuery('un chat');
    const [same, other] = await embeddings.embedDocuments(['un chat', 'un train']);
    expect(same).toEqual(query);
    expect(other).not.toEqual(query);
  });

  test('an agent of ours is its model', async () => {
    const answer = await chat(served.url, 'agents/assistant').invoke([
      new SystemMessage('Be brief.'),
      new HumanMessage('#tool calculator {"expression":"6*7"}\n#step\n#text It is 42.'),
    ]);
    expect(answer.content).toBe('It is 42.');
  });

  describe('on the Responses wire', () => {
    const responses = () =>
      new ChatOpenAI({
        model: 'scripted/script',
        apiKey: 'any',
        maxRetries: 0,
        useResponsesApi: true,
        configuration: { baseURL: `${served.url}/v1` },
      });

    test('an answer, whole and streamed, and the next one from it', async () => {
      const answer = await responses().invoke([
        new SystemMessage('Be brief.'),
        new HumanMessage('#text Bonjour Léa'),
      ]);
      expect(answer.text).toBe('Bonjour Léa');
      expect(answer).toMatchObject({ usage_metadata: { output_tokens: 2 } });
      let text = '';
      for await (const chunk of await responses().stream('#text One two three')) text += chunk.text;
      expect(text).toBe('One two three');
      const id = String(answer.response_metadata.id);
      const next = await responses().invoke('#text Yes', { previous_response_id: id });
      expect(next.text).toBe('Yes');
      await served.ledger.flush();
      const { traces } = await served.ledger.listTraces({ limit: 1 }, null);
      const trace = await served.ledger.getTrace(traces[0]?.traceId ?? '', null);
      expect(JSON.stringify(trace)).toContain('Bonjour Léa');
    });

    test('tool calls go round, and arrive in chunks', async () => {
      const { answer, calls } = await converse(responses(), '#tool multiply {"a":6,"b":7}\n#text It is 42.');
      expect(calls).toBe(1);
      expect(answer.text).toBe('It is 42.');
      let whole: Awaited<ReturnType<ChatOpenAI['invoke']>> | undefined;
      const stream = await responses().bindTools([multiply]).stream('#tool multiply {"a":6,"b":7}');
      for await (const chunk of stream) whole = whole === undefined ? chunk : whole.concat(chunk as never);
      expect(whole?.tool_calls).toMatchObject([{ name: 'multiply', args: { a: 6, b: 7 } }]);
    });

    test('structured output', async () => {
      const city = z.object({ city: z.string(), inhabitants: z.number() });
      const answer = await responses().withStructuredOutput(city).invoke('Tell me about Lyon.');
      expect(city.safeParse(answer).success).toBe(true);
    });

    test('errors keep their status', async () => {
      await expect(responses().invoke('#error 429 Slow down')).rejects.toMatchObject({ status: 429 });
    });
  });

  test('errors keep their status', async () => {
    await expect(chat(served.url, 'nobody/none').invoke('x')).rejects.toMatchObject({ status: 404 });
  });
});

const models = process.env.ATELIER_TEST_MODELS;
const localModel = process.env.ATELIER_TEST_MODEL ?? 'local/smollm2-135m-instruct';

describe.skipIf(!models)('LangChain on a model of this machine (ATELIER_TEST_MODELS)', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ dataDir: models ?? '' });
  });
  afterAll(() => server.stop({ keep: true }));

  test('an answer, and a forced tool call of the tool’s schema', async () => {
    const llm = new ChatOpenAI({
      model: localModel,
      apiKey: 'any',
      temperature: 0,
      maxTokens: 40,
      configuration: { baseURL: `${server.url}/v1` },
    });
    expect((await llm.invoke('Say hello.')).text.length).toBeGreaterThan(0);
    const answer = await llm.bindTools([multiply], { tool_choice: 'multiply' }).invoke('What is 6 times 7?');
    expect(answer.tool_calls).toHaveLength(1);
    expect(z.object({ a: z.number(), b: z.number() }).safeParse(answer.tool_calls?.[0]?.args).success).toBe(
      true,
    );
  });
});
