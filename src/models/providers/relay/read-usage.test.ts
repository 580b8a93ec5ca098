// The reader of relayed answers: what it makes of each dialect, in any cut, and of events that are none.
import { describe, expect, test } from 'vitest';
import type { WireDialect } from '../../model-call.ts';
import { createUsageHider } from './hide-usage.ts';
import { createRelayReader } from './read-usage.ts';

const sse = (list: readonly unknown[], newline = '\n') =>
  list
    .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}${newline}${newline}`)
    .join('');

function read(
  dialect: WireDialect,
  text: string,
  size = text.length,
  type = 'text/event-stream; charset=utf-8',
) {
  const reader = createRelayReader(dialect, type);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return reader.end();
}

const chat = [
  { id: 'c1', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] },
  { id: 'c1', choices: [{ index: 0, delta: { reasoning_content: 'Hm. ' } }] },
  { id: 'c1', choices: [{ index: 0, delta: { content: 'Où ' } }] },
  { id: 'c1', choices: [{ index: 0, delta: { content: 'ça ?' } }] },
  {
    id: 'c1',
    choices: [
      {
        index: 0,
        delta: { tool_calls: [{ index: 0, id: 't1', function: { name: 'add', arguments: '{"a"' } }] },
      },
    ],
  },
  {
    id: 'c1',
    choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] } }],
  },
  { id: 'c1', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
  {
    id: 'c1',
    choices: [],
    usage: {
      prompt_tokens: 10,
      completion_tokens: 7,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 2 },
    },
  },
  '[DONE]',
];

describe('chat completions', () => {
  const whole = read('openai-chat', sse(chat));

  test('text, reasoning, calls, finish, usage and id', () => {
    expect(whole).toMatchObject({
      text: 'Où ça ?',
      reasoning: 'Hm. ',
      toolCalls: [{ id: 't1', name: 'add', arguments: '{"a":1}' }],
      finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
      responseId: 'c1',
      malformed: 0,
      error: null,
      beyondTokens: [],
    });
    expect(whole.usage).toMatchObject({
      inputTokens: { total: 10, noCache: 6, cacheRead: 4 },
      outputTokens: { total: 7, text: 5, reasoning: 2 },
    });
  });

  test.each([1, 2, 3, 7, 64])('cut anywhere, here into pieces of %i bytes, it is the same', (size) => {
    expect(read('openai-chat', sse(chat), size)).toEqual(whole);
    expect(read('openai-chat', sse(chat, '\r\n'), size)).toEqual(whole);
  });

  test('a malformed event is counted and the rest is read', () => {
    const broken = read('openai-chat', sse([...chat.slice(0, 3), '{"choices": [{"del', ...chat.slice(3)]));
    expect(broken).toEqual({ ...whole, malformed: 1 });
  });

  test('cut in mid-stream: no finish, no usage', () => {
    expect(read('openai-chat', sse(chat.slice(0, 3)))).toMatchObject({
      text: 'Où ',
      finishReason: null,
      usage: null,
    });
  });

  test('an error event', () => {
    const error = { error: { message: 'GPU lost' } };
    expect(read('openai-chat', sse([chat[2], error]))).toMatchObject({ text: 'Où ', error });
  });

  test('the first token is seen when it passes, and not before', () => {
    const reader = createRelayReader('openai-chat', 'text/event-stream');
    reader.push(Buffer.from(': a comment\n\n'));
    reader.push(Buffer.from(sse(chat.slice(0, 1))));
    expect(reader.firstTokenSeen).toBe(false);
    reader.push(Buffer.from(sse(chat.slice(1, 2))));
    expect(reader.firstTokenSeen).toBe(true);
  });

  test('a whole answer', () => {
    const body = {
      id: 'c2',
      service_tier: 'priority',
      choices: [{ index: 0, message: { content: 'Oui', tool_calls: null }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 1 },
    };
    expect(read('openai-chat', JSON.stringify(body), 5, 'application/json')).toMatchObject({
      text: 'Oui',
      finishReason: { unified: 'stop' },
      responseId: 'c2',
      usage: { inputTokens: { total: 3 }, outputTokens: { total: 1 } },
      beyondTokens: ['service tier priority'],
    });
  });

  test('text in parts, as Mistral writes it when it thinks', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
      { type: 'text', text: 'Oui' },
    ];
    expect(read('openai-chat', sse([{ choices: [{ delta: { content } }] }]))).toMatchObject({
      text: 'Oui',
      reasoning: 'Hm',
    });
  });

  test.each([['<html>busy</html>'], ['{"choices"']])('%s is no answer', (text) => {
    expect(read('openai-chat', text, 4, 'application/json')).toMatchObject({
      malformed: 1,
      finishReason: null,
    });
  });
});

describe('messages', () => {
  const list = [
    {
      type: 'message_start',
      message: { id: 'm1', usage: { input_tokens: 5, cache_read_input_tokens: 20, output_tokens: 1 } },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm' } },
    {
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'tool_use', id: 't1', name: 'add', input: {} },
    },
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a":1}' } },
    { type: 'ping' },
    {
      type: 'message_delta',
      delta: { stop_reason: 'tool_use' },
      usage: { output_tokens: 9, server_tool_use: { web_search_requests: 2 } },
    },
    { type: 'message_stop' },
  ];

  test('are read, cached tokens as a part of what was read, and searches as charged besides', () => {
    const text = list.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    expect(read('anthropic-messages', text, 11)).toMatchObject({
      reasoning: 'Hm',
      toolCalls: [{ id: 't1', name: 'add', arguments: '{"a":1}' }],
      finishReason: { unified: 'tool-calls' },
      responseId: 'm1',
      usage: { inputTokens: { total: 25, noCache: 5, cacheRead: 20 }, outputTokens: { total: 9 } },
      beyondTokens: ['2 web searches'],
    });
  });

  test('whole', () => {
    const body = {
      type: 'message',
      id: 'm2',
      content: [
        { type: 'text', text: 'Oui' },
        { type: 'tool_use', id: 't', name: 'n', input: { a: 1 } },
      ],
      stop_reason: 'max_tokens',
      usage: { input_tokens: 1, output_tokens: 2, inference_geo: 'us' },
    };
    expect(read('anthropic-messages', JSON.stringify(body), 9, 'application/json')).toMatchObject({
      text: 'Oui',
      toolCalls: [{ arguments: '{"a":1}' }],
      finishReason: { unified: 'length', raw: 'max_tokens' },
      beyondTokens: ['inference in the US alone'],
    });
  });

  test.each(['fallback_message', 'advisor_message'])('%s: another model has a price of its own', (type) => {
    const iterations = [{ type: 'message' }, { type, model: 'other', input_tokens: 1, output_tokens: 1 }];
    const usage = { input_tokens: 5, output_tokens: 2, iterations };
    const body = { type: 'message', id: 'm3', content: [], stop_reason: 'end_turn', usage };
    expect(read('anthropic-messages', JSON.stringify(body), 99, 'application/json').beyondTokens).toEqual([
      'another model of the provider took part',
    ]);
  });

  test('cut in mid-stream: the count that stands at the start is none of what was written', () => {
    expect(read('anthropic-messages', sse(list.slice(0, 5)))).toMatchObject({
      responseId: 'm1',
      finishReason: null,
      usage: null,
    });
  });

  test('overloaded in mid-stream', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    expect(read('anthropic-messages', sse([list[0], error]))).toMatchObject({ error, finishReason: null });
  });
});

describe('responses', () => {
  const call = { type: 'function_call', call_id: 't1', name: 'add', arguments: '{"a":1}' };
  const usage = {
    input_tokens: 8,
    input_tokens_details: { cached_tokens: 3 },
    output_tokens: 4,
    output_tokens_details: { reasoning_tokens: 1 },
  };
  test.each([
    ['completed', {}, 'tool-calls'],
    ['incomplete', { incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    ['incomplete', { incomplete_details: { reason: 'content_filter' } }, 'content-filter'],
    ['failed', { error: { code: 'server_error', message: 'x' } }, 'error'],
  ])('%s %j', (status, more, unified) => {
    const list = [
      { type: 'response.created', response: { id: 'r1' } },
      { type: 'response.reasoning_summary_text.delta', delta: 'Hm' },
      { type: 'response.output_text.delta', delta: 'Oui' },
      { type: 'response.output_item.done', item: call },
      { type: `response.${status}`, response: { id: 'r1', status, usage, ...more } },
    ];
    const summary = read('openai-responses', sse(list), 13);
    expect(summary).toMatchObject({
      text: 'Oui',
      reasoning: 'Hm',
      toolCalls: [{ id: 't1', name: 'add', arguments: '{"a":1}' }],
      finishReason: { unified },
      responseId: 'r1',
      usage: { inputTokens: { total: 8, cacheRead: 3 }, outputTokens: { total: 4, reasoning: 1 } },
    });
    expect(summary.error !== null).toBe(status === 'failed');
  });

  test('whole', () => {
    const body = {
      id: 'r2',
      object: 'response',
      status: 'completed',
      error: null,
      output: [
        call,
        { type: 'message', content: [{ type: 'output_text', text: 'Oui' }] },
        { type: 'web_search_call' },
        { type: 'image_generation_call' },
        { type: 'image_generation_call' },
      ],
      usage,
    };
    expect(read('openai-responses', JSON.stringify(body), 7, 'application/json')).toMatchObject({
      text: 'Oui',
      toolCalls: [{ name: 'add' }],
      finishReason: { unified: 'tool-calls' },
      beyondTokens: ['1 web searches', '2 images'],
      error: null,
    });
  });
});

describe('the usage that a client had not asked for', () => {
  const withNulls = chat.map((event) =>
    typeof event === 'string' || 'usage' in event ? event : { ...event, usage: null },
  );

  test.each([1, 5, 33, 10_000])(
    'is taken out, in pieces of %i bytes, and the rest is the same bytes',
    (size) => {
      const hider = createUsageHider();
      const bytes = Buffer.from(sse(withNulls));
      const out: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) out.push(hider.pass(bytes.subarray(at, at + size)));
      out.push(hider.flush());
      const kept = withNulls.filter((event) => typeof event === 'string' || event.choices.length > 0);
      expect(Buffer.concat(out).toString()).toBe(sse(kept));
      expect(hider.hidden).toHaveLength(1);
      const reader = createRelayReader('openai-chat', 'text/event-stream');
      for (const piece of [...out, ...hider.hidden]) reader.push(piece);
      expect(reader.end().usage?.inputTokens.total).toBe(10);
    },
  );

  test('usage that comes with the last choice stays, because the choice does', () => {
    const text = sse([{ choices: [{ delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 1 } }]);
    const hider = createUsageHider();
    expect(Buffer.from(hider.pass(Buffer.from(text))).toString()).toBe(text);
    expect(hider.hidden).toEqual([]);
  });
});
