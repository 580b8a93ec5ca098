import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { type BlockEvent, type ReadBlocksOptions, readBlocks } from './blocks.ts';
import { collectMessage } from './response.ts';

const usage = {
  inputTokens: { total: 12, noCache: 8, cacheRead: 4, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: undefined },
};
const finish = (
  unified: 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'error' = 'stop',
  metadata: object = {},
): LanguageModelV4StreamPart =>
  ({ type: 'finish', usage, finishReason: { unified, raw: unified }, ...metadata }) as never;
const call = (id: string, input: string): LanguageModelV4StreamPart => ({
  type: 'tool-call',
  toolCallId: id,
  toolName: `t_${id}`,
  input,
});
const start = (id: string): LanguageModelV4StreamPart => ({
  type: 'tool-input-start',
  id,
  toolName: `t_${id}`,
});
const input = (id: string, delta: string): LanguageModelV4StreamPart => ({
  type: 'tool-input-delta',
  id,
  delta,
});

const streamOf = (parts: LanguageModelV4StreamPart[]) =>
  new ReadableStream<LanguageModelV4StreamPart>({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });

async function eventsOf(parts: LanguageModelV4StreamPart[], options?: ReadBlocksOptions) {
  const events: BlockEvent[] = [];
  for await (const event of readBlocks(streamOf(parts), options)) events.push(event);
  return events;
}

const messageOf = (parts: LanguageModelV4StreamPart[], options?: ReadBlocksOptions, stops: string[] = []) =>
  collectMessage({ id: 'msg', model: 'm', recent: true }, readBlocks(streamOf(parts), options), {
    stopSequences: stops,
    maxTokens: 100,
  });

/** One block is open at a time, its number counts up from 0, and it is closed before the end. */
function expectOrder(events: readonly BlockEvent[]) {
  let open: number | null = null;
  let next = 0;
  for (const event of events) {
    if (event.type === 'start') {
      expect(open).toBeNull();
      expect(event.index).toBe(next);
      open = next++;
    } else if (event.type === 'delta') expect(event.index).toBe(open);
    else if (event.type === 'stop') {
      expect(event.index).toBe(open);
      open = null;
    } else expect(open).toBeNull();
  }
}

describe('blocks', () => {
  test('thinking, text and a tool in their order', async () => {
    const parts: LanguageModelV4StreamPart[] = [
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: 'Hm' },
      { type: 'reasoning-end', id: 'r' },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'Yes' },
      { type: 'text-end', id: 't' },
      start('a'),
      input('a', '{"x"'),
      input('a', ':1}'),
      { type: 'tool-input-end', id: 'a' },
      call('a', '{"x":1}'),
      finish('tool-calls'),
    ];
    expectOrder(await eventsOf(parts));
    const message = await messageOf(parts);
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'Hm', signature: expect.stringMatching(/^atelier\./) },
      { type: 'text', text: 'Yes' },
      { type: 'tool_use', id: 'a', name: 't_a', input: { x: 1 } },
    ]);
    expect(message).toMatchObject({
      stop_reason: 'tool_use',
      usage: { input_tokens: 8, cache_read_input_tokens: 4, output_tokens: 5 },
    });
  });

  test('inputs of tools that arrive at once are written one after the other', async () => {
    const parts = [
      start('a'),
      input('a', '{"x":'),
      start('b'),
      input('b', '{"y":'),
      input('a', '1}'),
      input('b', '2}'),
      call('b', '{"y":2}'),
      call('a', '{"x":1}'),
      call('c', ''),
      finish('tool-calls'),
    ];
    expectOrder(await eventsOf(parts));
    expect((await messageOf(parts)).content).toMatchObject([
      { id: 'a', input: { x: 1 } },
      { id: 'b', input: { y: 2 } },
      { id: 'c', input: {} },
    ]);
  });

  test('a tool is called once where one call was asked for', async () => {
    const parts = [start('a'), call('a', '{}'), start('b'), input('b', '{}'), call('b', '{}'), finish()];
    const { content } = await messageOf(parts, { oneTool: true });
    expect(content).toMatchObject([{ id: 'a' }]);
    expect((await messageOf(parts)).content).toHaveLength(2);
  });

  test('what an Anthropic model signed or kept back comes through', async () => {
    const { content } = await messageOf([
      { type: 'reasoning-start', id: '0', providerMetadata: { anthropic: { redactedData: 'secret' } } },
      { type: 'reasoning-end', id: '0' },
      { type: 'reasoning-start', id: '1' },
      { type: 'reasoning-delta', id: '1', delta: 'Hm' },
      { type: 'reasoning-delta', id: '1', delta: '', providerMetadata: { anthropic: { signature: 'sig' } } },
      { type: 'reasoning-end', id: '1' },
      finish(),
    ]);
    expect(content).toEqual([
      { type: 'redacted_thinking', data: 'secret' },
      { type: 'thinking', thinking: 'Hm', signature: 'sig' },
    ]);
  });

  test.each([
    [finish('stop'), 'end_turn', null],
    [finish('stop', { providerMetadata: { atelier: { stopSequence: 'END' } } }), 'stop_sequence', 'END'],
    // Text that nobody asked to stop at is no stop sequence of the caller.
    [finish('stop', { providerMetadata: { atelier: { stopSequence: '</s>' } } }), 'end_turn', null],
    [finish('content-filter'), 'refusal', null],
    // 5 of at most 100 tokens were written: the context was full.
    [finish('length'), 'model_context_window_exceeded', null],
  ])('why it ended: %#', async (end, reason, sequence) => {
    const message = await messageOf([{ type: 'text-delta', id: 't', delta: 'x' }, end], {}, ['END']);
    expect(message).toMatchObject({ stop_reason: reason, stop_sequence: sequence });
  });

  test('an answer that broke off is an error', async () => {
    await expect(messageOf([finish('error')])).rejects.toMatchObject({ code: 'provider_failed' });
    await expect(messageOf([{ type: 'text-delta', id: 't', delta: 'x' }])).rejects.toMatchObject({
      code: 'provider_failed',
    });
  });
});
