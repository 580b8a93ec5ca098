import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { defaultSampling, readCall } from './read-call.ts';

const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });
const tool = (name: string) => ({
  type: 'function' as const,
  name,
  description: 'does it',
  inputSchema: { type: 'object' as const },
});
const read = (more: Partial<LanguageModelV4CallOptions>) => readCall({ prompt: [user('hi')], ...more });

test('what the caller leaves open takes the defaults', () => {
  const { sampling, maxOutputTokens, stop, grammar } = read({}).spec;
  expect(sampling).toMatchObject({
    ...defaultSampling,
    presencePenalty: 0,
    frequencyPenalty: 0,
    logitBias: [],
  });
  expect({ maxOutputTokens, stop, grammar }).toEqual({ maxOutputTokens: null, stop: [], grammar: null });
});

test('settings of the SDK and of providerOptions.atelier arrive', () => {
  const { spec } = read({
    temperature: 0,
    topP: 0.5,
    seed: -1,
    stopSequences: ['a', ''],
    providerOptions: {
      atelier: { minP: 0.2, repeatPenalty: 1.3, logitBias: { '5': -3 }, logprobs: true, topLogprobs: 4 },
    },
  });
  expect(spec.sampling).toMatchObject({
    temperature: 0,
    topP: 0.5,
    minP: 0.2,
    repeatPenalty: 1.3,
    seed: 2 ** 32 - 1,
    logitBias: [[5, -3]],
  });
  expect(spec.stop).toEqual(['a']);
  expect(spec.topLogprobs).toBe(4);
});

test('a wrong setting is refused by name', () => {
  expect(() => read({ providerOptions: { atelier: { minP: 7 } } })).toThrow(/providerOptions\.atelier\.minP/);
});

test('messages take the shape that templates know', () => {
  const { prompt } = readCall({
    prompt: [
      { role: 'system', content: 'Be brief.' },
      user('weather?'),
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: 'Let me see.' },
          { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: { at: 'Lyon' } },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c1',
            toolName: 'look',
            output: { type: 'json', value: { sky: 'grey' } },
          },
        ],
      },
    ],
    tools: [tool('look')],
  });
  expect(prompt).toEqual({
    kind: 'chat',
    thinking: null,
    tools: [
      {
        type: 'function',
        function: { name: 'look', description: 'does it', parameters: { type: 'object' } },
      },
    ],
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'weather?' },
      {
        role: 'assistant',
        content: 'Let me see.',
        reasoning_content: 'hm',
        tool_calls: [{ type: 'function', id: 'c1', function: { name: 'look', arguments: { at: 'Lyon' } } }],
      },
      { role: 'tool', content: '{"sky":"grey"}', tool_call_id: 'c1', name: 'look' },
    ],
  });
});

test('text files are read and pictures are refused in words', () => {
  const file = (mediaType: string) => [
    {
      role: 'user' as const,
      content: [
        {
          type: 'file' as const,
          mediaType,
          data: { type: 'data' as const, data: new TextEncoder().encode('été') },
        },
      ],
    },
  ];
  expect(readCall({ prompt: file('text/plain') }).prompt).toMatchObject({ messages: [{ content: 'été' }] });
  expect(() => readCall({ prompt: file('image/png') })).toThrow(/reads text only; it cannot read image\/png/);
});

test('tools that may not be called are not shown, and a forced call has a grammar', () => {
  const tools = [tool('a'), tool('b')];
  expect(read({ tools, toolChoice: { type: 'none' } }).prompt).toMatchObject({ tools: null });
  expect(read({ tools }).spec.grammar).toBeNull();
  const forced = read({ tools, toolChoice: { type: 'tool', toolName: 'b' } });
  expect([...forced.tools]).toEqual(['b']);
  expect(forced.spec.grammar).toContain('\\"b\\"');
  expect(forced.spec.grammar).not.toContain('\\"a\\"');
  expect(() => read({ tools, toolChoice: { type: 'tool', toolName: 'c' } })).toThrow(
    /"c" is to be called and is not among the tools/,
  );
  expect(() => read({ toolChoice: { type: 'required' } })).toThrow(/no tool was given/);
});

test('a provider tool is a warning', () => {
  const { warnings } = read({
    tools: [{ type: 'provider', id: 'openai.web_search', name: 'web_search', args: {} }],
  });
  expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'provider tool openai.web_search' }]);
});

test('a raw prompt has nothing put around it', () => {
  expect(read({ providerOptions: { atelier: { rawPrompt: true } } }).prompt).toEqual({
    kind: 'text',
    text: 'hi',
  });
});

test('how much to think is passed to templates that can', () => {
  expect(read({ reasoning: 'none' }).prompt).toMatchObject({ thinking: false });
  expect(read({ reasoning: 'high' }).prompt).toMatchObject({ thinking: true });
});

test('an image in the result of a tool is refused and not left out', () => {
  const result = {
    type: 'tool-result' as const,
    toolCallId: '1',
    toolName: 'camera',
    output: {
      type: 'content' as const,
      value: [
        { type: 'file' as const, mediaType: 'image/png', data: { type: 'data' as const, data: 'AA==' } },
      ],
    },
  };
  const prompt = [user('see'), { role: 'tool' as const, content: [result] }];
  expect(() => read({ prompt })).toThrow(expect.objectContaining({ code: 'unsupported_content' }));
});
