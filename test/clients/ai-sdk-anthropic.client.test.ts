// The AI SDK with its own Anthropic provider pointed at us, unmodified: text, streams, the loop of tools, objects.
import { createAnthropic } from '@ai-sdk/anthropic';
import { generateText, isStepCount, Output, streamText, tool } from 'ai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openServed } from '../open-served.ts';

let served: Awaited<ReturnType<typeof openServed>>;
let anthropic: ReturnType<typeof createAnthropic>;
beforeAll(async () => {
  served = await openServed();
  anthropic = createAnthropic({ baseURL: `${served.url}/v1`, apiKey: 'any' });
});
afterAll(() => served.close());

const model = () => anthropic('scripted/script');

test('text with its thinking and usage', async () => {
  const result = await generateText({
    model: model(),
    system: 'Be brief.',
    prompt: '#reasoning Hm.\n#text Hello there',
    maxOutputTokens: 500,
    maxRetries: 0,
  });
  expect(result.text).toBe('Hello there');
  expect(result.reasoningText).toBe('Hm.');
  expect(result.finishReason).toBe('stop');
  expect(result.usage.outputTokens).toBe(3);
  expect(result.usage.inputTokens).toBeGreaterThan(0);
});

test('a stream', async () => {
  const result = streamText({
    model: model(),
    prompt: '#text One two three',
    maxOutputTokens: 500,
    maxRetries: 0,
  });
  const deltas: string[] = [];
  for await (const delta of result.textStream) deltas.push(delta);
  expect(deltas.join('')).toBe('One two three');
  expect(deltas.length).toBeGreaterThan(1);
  expect((await result.usage).outputTokens).toBe(3);
});

test.each(['plain', 'streamed'])('the loop of tools, %s', async (way) => {
  const asked: string[] = [];
  const options = {
    model: model(),
    prompt: '#reasoning I look.\n#tool weather {"city":"Lyon"}\n#text It is sunny.',
    tools: {
      weather: tool({
        description: 'The weather of a city',
        inputSchema: z.object({ city: z.string() }),
        execute: async ({ city }) => {
          asked.push(city);
          return { sky: 'sun' };
        },
      }),
    },
    stopWhen: isStepCount(3),
    maxOutputTokens: 500,
    maxRetries: 0,
  };
  const text = way === 'plain' ? (await generateText(options)).text : await streamText(options).text;
  expect(text).toBe('It is sunny.');
  expect(asked).toEqual(['Lyon']);
});

test('an object of a schema', async () => {
  const schema = z.object({ city: z.string(), population: z.number() });
  const { output } = await generateText({
    model: model(),
    prompt: 'Tell me about Paris.',
    output: Output.object({ schema }),
    maxOutputTokens: 500,
    maxRetries: 0,
  });
  expect(schema.safeParse(output).success).toBe(true);
});

test('a refusal has its status', async () => {
  const asked = generateText({
    model: anthropic('nobody/none'),
    prompt: 'hi',
    maxOutputTokens: 500,
    maxRetries: 0,
  });
  await expect(asked).rejects.toMatchObject({ statusCode: 404 });
});
