// The unmodified OpenAI Agents SDK over a real socket, on the Responses wire and on chat, against the scripted model.
import {
  Agent,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  run,
  setTracingDisabled,
  tool,
} from '@openai/agents';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../create-test-app.ts';

const name = 'scripted/script';
let app: TestApp;
let client: OpenAI;
beforeAll(async () => {
  setTracingDisabled(true);
  app = await createTestApp();
  client = new OpenAI({ baseURL: `${await app.url()}/v1`, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => app.close());

/** Model calls of the ledger since the last time. */
let counted = 0;
async function callsSince(): Promise<number> {
  await app.services.ledger.flush();
  const { traces } = await app.services.ledger.listTraces({ limit: 200 }, null);
  const before = counted;
  counted = traces.length;
  expect(traces.every(({ status, model }) => status === 'ok' && model === name)).toBe(true);
  return counted - before;
}

describe.each([
  ['Responses', () => new OpenAIResponsesModel(client as never, name)],
  ['chat', () => new OpenAIChatCompletionsModel(client as never, name)],
])('an agent on %s', (_wire, modelOf) => {
  const weather = tool({
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: z.object({ city: z.string() }),
    execute: async ({ city }) => `sunny in ${city}`,
  });

  test('answers', async () => {
    const agent = new Agent({ name: 'Greeter', instructions: 'Be brief.', model: modelOf() });
    const result = await run(agent, '#text Hello there');
    expect(result.finalOutput).toBe('Hello there');
    expect(await callsSince()).toBe(1);
  });

  test('streams', async () => {
    const agent = new Agent({ name: 'Greeter', instructions: 'Be brief.', model: modelOf() });
    const result = await run(agent, '#text One two three', { stream: true });
    let text = '';
    for await (const piece of result.toTextStream()) text += piece;
    await result.completed;
    expect(text).toBe('One two three');
    expect(result.finalOutput).toBe('One two three');
    expect(await callsSince()).toBe(1);
  });

  test('calls a tool', async () => {
    const agent = new Agent({
      name: 'Forecaster',
      instructions: 'Use tools.',
      model: modelOf(),
      tools: [weather],
    });
    const result = await run(agent, '#tool get_weather {"city":"Paris"}\n#text It is sunny.');
    expect(result.finalOutput).toBe('It is sunny.');
    expect(result.newItems.map((item) => item.type)).toEqual([
      'tool_call_item',
      'tool_call_output_item',
      'message_output_item',
    ]);
    expect(await callsSince()).toBe(2);
  });

  test('hands over to another agent', async () => {
    const expert = new Agent({ name: 'Expert', instructions: 'You know.', model: modelOf() });
    const front = Agent.create({
      name: 'Front',
      instructions: 'Hand over.',
      model: modelOf(),
      handoffs: [expert],
    });
    const result = await run(front, '#tool transfer_to_Expert {}\n#text The expert says 42.');
    expect(result.lastAgent?.name).toBe('Expert');
    expect(result.finalOutput).toBe('The expert says 42.');
    expect(await callsSince()).toBe(2);
  });

  test('gives its output in the shape that was asked for', async () => {
    const outputType = z.object({ city: z.string(), population: z.number() });
    const agent = new Agent({ name: 'Clerk', instructions: 'Answer.', model: modelOf(), outputType });
    const result = await run(agent, 'Tell me about Paris.');
    expect(outputType.safeParse(result.finalOutput).success).toBe(true);
    await callsSince();
  });
});

test('a conversation goes on from the response before', async () => {
  const agent = new Agent({ name: 'Greeter', model: new OpenAIResponsesModel(client as never, name) });
  const first = await run(agent, 'My name is Ada.');
  const second = await run(agent, '#text You are Ada.', { previousResponseId: first.lastResponseId ?? '' });
  expect(second.finalOutput).toBe('You are Ada.');
  const stored = await client.responses.retrieve(second.lastResponseId ?? '');
  expect(stored.previous_response_id).toBe(first.lastResponseId);
});
