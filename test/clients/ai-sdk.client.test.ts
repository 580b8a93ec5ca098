// The AI SDK with its three OpenAI providers, unmodified, over a real socket against the scripted model.

import { createOpenResponses } from '@ai-sdk/open-responses';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModel } from 'ai';
import { embedMany, generateText, isStepCount, Output, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../create-test-app.ts';

const name = 'scripted/script';
let app: TestApp;
let base: string;
beforeAll(async () => {
  app = await createTestApp();
  base = `${await app.url()}/v1`;
});
afterAll(() => app.close());

const weather = tool({
  description: 'The weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `sunny in ${city}`,
});

async function lastTrace() {
  await app.services.ledger.flush();
  const { traces } = await app.services.ledger.listTraces({ limit: 1 }, null);
  return traces[0];
}

const providers: [string, () => LanguageModel][] = [
  [
    'openai-compatible',
    () =>
      createOpenAICompatible({
        name: 'atelier',
        baseURL: base,
        apiKey: 'any',
        supportsStructuredOutputs: true,
        includeUsage: true,
      })(name),
  ],
  ['openai (responses)', () => createOpenAI({ baseURL: base, apiKey: 'any' }).responses(name)],
  ['openai (chat)', () => createOpenAI({ baseURL: base, apiKey: 'any' }).chat(name)],
  [
    'open-responses',
    () => createOpenResponses({ name: 'atelier', url: `${base}/responses`, apiKey: 'any' })(name),
  ],
];

describe.each(providers)('%s', (_provider, modelOf) => {
  test('a text, whole and streamed, with its usage in the ledger', async () => {
    const whole = await generateText({ model: modelOf(), system: 'Be brief.', prompt: '#text Hello there' });
    expect(whole.text).toBe('Hello there');
    expect(whole.finishReason).toBe('stop');
    expect((await lastTrace())?.usage.output).toBe(whole.usage.outputTokens);
    const streamed = streamText({ model: modelOf(), prompt: '#text One two three' });
    let text = '';
    for await (const piece of streamed.textStream) text += piece;
    expect(text).toBe('One two three');
    expect((await streamed.usage).outputTokens).toBe(3);
  });

  test('a tool goes round', async () => {
    const prompt = '#tool weather {"city":"Paris"}\n#text It is sunny.';
    const whole = await generateText({
      model: modelOf(),
      prompt,
      tools: { weather },
      stopWhen: isStepCount(3),
    });
    expect(whole.text).toBe('It is sunny.');
    expect(whole.steps.flatMap((step) => step.toolResults.map((result) => result.output))).toEqual([
      'sunny in Paris',
    ]);
    const streamed = streamText({ model: modelOf(), prompt, tools: { weather }, stopWhen: isStepCount(3) });
    expect(await streamed.text).toBe('It is sunny.');
    expect((await streamed.steps).length).toBe(2);
  });

  test('an object of a schema', async () => {
    const schema = z.object({ city: z.string(), population: z.number() });
    const { output } = await generateText({
      model: modelOf(),
      prompt: 'Tell me about Paris.',
      output: Output.object({ schema }),
    });
    expect(schema.safeParse(output).success).toBe(true);
  });

  test('a conversation of several turns', async () => {
    const first = await generateText({ model: modelOf(), prompt: '#text Blue' });
    const second = await generateText({
      model: modelOf(),
      messages: [
        { role: 'user', content: '#text Blue' },
        ...first.responseMessages,
        { role: 'user', content: '#text Indeed' },
      ],
    });
    expect(second.text).toBe('Indeed');
    const trace = await lastTrace();
    const { spans } = await app.services.ledger.getTrace(trace?.traceId ?? '', null);
    expect(JSON.stringify(spans)).toContain('Blue');
  });

  test('a refusal and a failure in the middle', async () => {
    const refused = generateText({ model: modelOf(), prompt: '#error 400 Not so', maxRetries: 0 });
    // open-responses words an error itself whose `param` is null, as most of OpenAI's are; the body has the words.
    await expect(refused).rejects.toMatchObject({
      statusCode: 400,
      responseBody: expect.stringContaining('Not so'),
    });
    const errors: unknown[] = [];
    const streamed = streamText({
      model: modelOf(),
      prompt: '#text Half of\n#error-mid 502 The wire was cut',
      onError: ({ error }) => void errors.push(error),
    });
    let text = '';
    for await (const piece of streamed.textStream) text += piece;
    expect(text).toBe('Half of');
    expect(JSON.stringify(errors.map((error) => (error instanceof Error ? error.message : error)))).toContain(
      'The wire was cut',
    );
  });

  test('a reader that aborts stops the model at once', async () => {
    const abort = new AbortController();
    const streamed = streamText({
      model: modelOf(),
      prompt: '#delay 20\n#words 5000',
      abortSignal: abort.signal,
    });
    let seen = 0;
    try {
      for await (const _ of streamed.textStream) if (++seen === 5) abort.abort();
    } catch {
      // Some versions throw the abort, some end.
    }
    await expect.poll(async () => (await lastTrace())?.status, { timeout: 3000 }).toBe('cancelled');
  });
});

test('completions and embeddings', async () => {
  const provider = createOpenAICompatible({ name: 'atelier', baseURL: base, apiKey: 'any' });
  const { text } = await generateText({
    model: provider.completionModel(name),
    prompt: 'Say it.\n#text Done',
  });
  expect(text).toContain('Done');
  const { embeddings } = await embedMany({
    model: provider.embeddingModel('scripted/embed'),
    values: ['un chat', 'un chien'],
  });
  expect(embeddings).toHaveLength(2);
  expect(embeddings[0]).not.toEqual(embeddings[1]);
});

test('thoughts are thoughts', async () => {
  const model = createOpenResponses({ name: 'atelier', url: `${base}/responses`, apiKey: 'any' })(name);
  const { reasoningText, text } = await generateText({
    model,
    prompt: '#reasoning First I count.\n#text Three',
  });
  expect([reasoningText, text]).toEqual(['First I count.', 'Three']);
});
