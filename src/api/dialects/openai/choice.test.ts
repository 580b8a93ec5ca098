// The contract's stream as deltas: calls that were streamed and calls that came whole, and streams that do not end.
import type { LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { readChoice } from './choice.ts';
import { collectChoice, sumUsage } from './response.ts';

const usageOf = (input: number | undefined, output: number | undefined): LanguageModelV4Usage => ({
  inputTokens: { total: input, noCache: undefined, cacheRead: 2, cacheWrite: undefined },
  outputTokens: { total: output, text: undefined, reasoning: 1 },
});
const finish = (unified: 'stop' | 'interrupted' | 'other'): LanguageModelV4StreamPart => ({
  type: 'finish',
  usage: usageOf(5, 3),
  finishReason: { unified, raw: undefined },
});
const collect = (...parts: LanguageModelV4StreamPart[]) =>
  collectChoice(
    readChoice(
      new ReadableStream({
        start(controller) {
          for (const part of parts) controller.enqueue(part);
          controller.close();
        },
      }),
    ),
    0,
    false,
  );

test('calls that came whole and calls that were streamed read alike, in their order', async () => {
  const { choice } = await collect(
    { type: 'tool-input-start', id: 'a', toolName: 'first' },
    { type: 'tool-input-start', id: 'b', toolName: 'second' },
    { type: 'tool-input-delta', id: 'b', delta: '{"x":' },
    { type: 'tool-input-delta', id: 'a', delta: '{}' },
    { type: 'tool-input-delta', id: 'b', delta: '1}' },
    { type: 'tool-call', toolCallId: 'a', toolName: 'first', input: '{}' },
    { type: 'tool-call', toolCallId: 'b', toolName: 'second', input: '{"x":1}' },
    { type: 'tool-call', toolCallId: 'c', toolName: 'third', input: '{"y":2}' },
    finish('stop'),
  );
  expect(choice.finish_reason).toBe('tool_calls');
  expect(choice.message.content).toBeNull();
  expect(
    choice.message.tool_calls?.map((call) => [call.id, call.function.name, call.function.arguments]),
  ).toEqual([
    ['a', 'first', '{}'],
    ['b', 'second', '{"x":1}'],
    ['c', 'third', '{"y":2}'],
  ]);
});

test('reasoning stands beside the text', async () => {
  const { choice } = await collect(
    { type: 'reasoning-delta', id: '0', delta: 'Hm.' },
    { type: 'text-delta', id: '1', delta: 'Yes' },
    finish('other'),
  );
  expect(choice.message).toEqual({
    role: 'assistant',
    content: 'Yes',
    refusal: null,
    reasoning_content: 'Hm.',
  });
  expect(choice.finish_reason).toBe('stop');
});

test.each([
  ['an error part', { type: 'error', error: new Error('broke') } as const],
  ['an interrupted end', finish('interrupted')],
  ['no end', { type: 'text-end', id: '0' } as const],
])('%s is an error and no answer', async (_name, last) => {
  await expect(collect({ type: 'text-delta', id: '0', delta: 'half' }, last)).rejects.toBeInstanceOf(Error);
});

test('usage: the prompt counts once; what the model did not tell is not made up', () => {
  expect(sumUsage([usageOf(5, 3), usageOf(5, 4)])).toEqual({
    prompt_tokens: 5,
    completion_tokens: 7,
    total_tokens: 12,
    prompt_tokens_details: { cached_tokens: 2 },
    completion_tokens_details: { reasoning_tokens: 2 },
  });
  expect(sumUsage([usageOf(undefined, undefined)])).toBeNull();
  expect(sumUsage([usageOf(5, undefined)])).toBeNull();
});
