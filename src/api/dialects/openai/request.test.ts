// From OpenAI's request to the contract, as a table, and what is refused by name.
import { describe, expect, test } from 'vitest';
import { toCallOptions } from './request.ts';
import { chatRequestSchema } from './schema.ts';

const base = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const options = (fields: object) => toCallOptions(chatRequestSchema.parse({ ...base, ...fields }));
const tool = {
  type: 'function',
  function: { name: 'add', description: 'Adds', parameters: { type: 'object' } },
};
const call = { id: 'call_1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } };

test('nothing is added that was not asked for', () => {
  expect(options({})).toEqual({ prompt: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] });
  expect(options({ temperature: null, stop: null, tools: null, foreign_field: { a: 1 } })).toEqual(
    options({}),
  );
});

test.each<[string, object, object]>([
  ['max_tokens', { max_tokens: 5 }, { maxOutputTokens: 5 }],
  ['max_completion_tokens wins', { max_tokens: 5, max_completion_tokens: 7 }, { maxOutputTokens: 7 }],
  ['temperature 0', { temperature: 0 }, { temperature: 0 }],
  ['one stop', { stop: 'END' }, { stopSequences: ['END'] }],
  ['several stops', { stop: ['a', '', 'b'] }, { stopSequences: ['a', 'b'] }],
  ['top_k off', { top_k: -1 }, { topK: 0 }],
  ['reasoning effort', { reasoning_effort: 'high' }, { reasoning: 'high' }],
  ['json_object', { response_format: { type: 'json_object' } }, { responseFormat: { type: 'json' } }],
  [
    'json_schema',
    {
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'n', strict: true, schema: { type: 'object' } },
      },
    },
    { responseFormat: { type: 'json', name: 'n', schema: { type: 'object' } } },
  ],
  [
    'what the contract lacks',
    { logprobs: true, top_logprobs: 2, logit_bias: { '42': -100 }, min_p: 0.1, repetition_penalty: 1.1 },
    {
      providerOptions: {
        atelier: { logprobs: true, topLogprobs: 2, logitBias: { '42': -100 }, minP: 0.1, repeatPenalty: 1.1 },
      },
    },
  ],
  [
    'tools',
    { tools: [tool] },
    {
      toolChoice: { type: 'auto' },
      tools: [{ type: 'function', name: 'add', description: 'Adds', inputSchema: { type: 'object' } }],
    },
  ],
  [
    'a named tool',
    { tools: [tool], tool_choice: { type: 'function', function: { name: 'add' } } },
    { toolChoice: { type: 'tool', toolName: 'add' } },
  ],
])('%s', (_name, fields, expected) => {
  expect(options(fields)).toMatchObject(expected);
});

test('every role and content', () => {
  const messages = [
    {
      role: 'developer',
      content: [
        { type: 'text', text: 'Be ' },
        { type: 'text', text: 'brief.' },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'See' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
      ],
    },
    { role: 'assistant', content: null, reasoning_content: 'Hm', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'call_1', content: '2' },
    { role: 'assistant', content: 'Two.' },
  ];
  expect(options({ messages }).prompt).toEqual([
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'See' },
        { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
        {
          type: 'file',
          mediaType: 'image/*',
          data: { type: 'url', url: new URL('https://example.com/a.png') },
        },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm' },
        { type: 'tool-call', toolCallId: 'call_1', toolName: 'add', input: { a: 1 } },
      ],
    },
    {
      role: 'tool',
      content: [
        { type: 'tool-result', toolCallId: 'call_1', toolName: 'add', output: { type: 'text', value: '2' } },
      ],
    },
    { role: 'assistant', content: [{ type: 'text', text: 'Two.' }] },
  ]);
});

test('arguments that a model wrote badly are shown to it as they were', () => {
  const broken = { ...call, function: { name: 'add', arguments: '{"a":' } };
  const messages = [{ role: 'assistant', tool_calls: [broken] }];
  expect(options({ messages }).prompt[0]).toMatchObject({ content: [{ input: '{"a":' }] });
});

describe('refused, with the field by name', () => {
  test.each<[string, object, string]>([
    ['alternatives without log-probabilities', { top_logprobs: 2 }, 'top_logprobs'],
    ['a choice without tools', { tool_choice: 'required' }, 'tool_choice'],
    [
      'a tool that there is not',
      { tools: [tool], tool_choice: { type: 'function', function: { name: 'sub' } } },
      'tool_choice.function.name',
    ],
    [
      'a result without its call',
      { messages: [{ role: 'tool', tool_call_id: 'x', content: '' }] },
      'messages[0].tool_call_id',
    ],
    [
      'an image that is a path',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: '/etc/passwd' } }] }] },
      'messages[0].content[0].image_url.url',
    ],
  ])('%s', (_name, fields, param) => {
    expect(() => options(fields)).toThrow(
      expect.objectContaining({ code: 'invalid_request', data: { param } }),
    );
  });
});
