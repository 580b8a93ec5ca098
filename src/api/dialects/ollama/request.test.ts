import { describe, expect, test } from 'vitest';
import { toPrompt } from './prompt.ts';
import { chatOptions, generateOptions, notesOf } from './request.ts';
import { chatSchema, generateSchema } from './schema.ts';

const chat = (body: object) =>
  chatOptions(chatSchema.parse({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...body }));
const generate = (body: object) =>
  generateOptions(generateSchema.parse({ model: 'm', prompt: 'hi', ...body }));
const call = (name: string, args: Record<string, unknown> | string = {}) => ({
  function: { name, arguments: args },
});

describe('messages', () => {
  test('results find their calls by name, in the order in which these stood', () => {
    const prompt = toPrompt([
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        content: '',
        thinking: 'Hm.',
        tool_calls: [call('a', { x: 1 }), call('b', '{"y":2}'), call('a')],
      },
      { role: 'tool', content: 'of b', tool_name: 'b' },
      { role: 'tool', content: 'first a', tool_name: 'a' },
      { role: 'tool', content: 'second a' },
    ]);
    expect(prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(prompt[1]?.content).toMatchObject([
      { type: 'reasoning', text: 'Hm.' },
      { toolCallId: 'call_1_0', input: { x: 1 } },
      { toolCallId: 'call_1_1', input: { y: 2 } },
      { toolCallId: 'call_1_2', input: {} },
    ]);
    expect(prompt[2]?.content).toMatchObject([
      { toolCallId: 'call_1_1', output: { value: 'of b' } },
      { toolCallId: 'call_1_0', output: { value: 'first a' } },
      { toolCallId: 'call_1_2', output: { value: 'second a' } },
    ]);
  });

  test('ids are used where a client sends them', () => {
    const prompt = toPrompt([
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: 'one', ...call('f') },
          { id: 'two', ...call('f') },
        ],
      },
      { role: 'tool', content: 'x', tool_call_id: 'two', tool_name: 'f' },
    ]);
    expect(prompt[1]?.content[0]).toMatchObject({ toolCallId: 'two' });
  });

  test('a result that belongs to no call is told by its place', () => {
    expect(() => toPrompt([{ role: 'tool', content: 'x', tool_name: 'f' }])).toThrow('messages[0]');
  });

  test('images say by their first bytes what they are', () => {
    const images = ['iVBORw0K', '/9j/4AAQ', 'data:image/webp;base64,UklGR', 'AAAA'];
    const [message] = toPrompt([{ role: 'user', content: 'look', images }]);
    expect(message?.content.slice(1)).toMatchObject([
      { mediaType: 'image/png', data: { data: 'iVBORw0K' } },
      { mediaType: 'image/jpeg' },
      { mediaType: 'image/webp', data: { data: 'UklGR' } },
      { mediaType: 'image/*' },
    ]);
  });
});

describe('options', () => {
  test('each goes where the contract has it; its runner’s own are ignored', () => {
    const options = {
      num_predict: 5,
      temperature: 0.5,
      top_k: 3,
      top_p: 0.9,
      min_p: 0.1,
      repeat_penalty: 1.1,
      seed: 7,
      stop: 'END',
      num_ctx: 99,
      mirostat: 2,
    };
    expect(chat({ options })).toMatchObject({
      maxOutputTokens: 5,
      temperature: 0.5,
      topK: 3,
      topP: 0.9,
      seed: 7,
      stopSequences: ['END'],
      providerOptions: { atelier: { minP: 0.1, repeatPenalty: 1.1 } },
    });
    expect(chat({ options: { num_predict: -1 } })).not.toHaveProperty('maxOutputTokens');
  });

  test.each([
    [true, 'medium'],
    [false, 'none'],
    ['high', 'high'],
    [undefined, undefined],
  ])('think: %j', (think, reasoning) => {
    expect(chat({ think }).reasoning).toBe(reasoning);
  });

  test.each([
    ['json', { type: 'json' }],
    [{ type: 'object' }, { type: 'json', schema: { type: 'object' } }],
    ['', undefined],
    [null, undefined],
  ])('format: %j', (format, expected) => {
    expect(chat({ format }).responseFormat).toEqual(expected);
  });

  test('a prompt with a system text, and a raw one without any template', () => {
    expect(generate({ system: 'Be brief.' }).prompt.map(({ role }) => role)).toEqual(['system', 'user']);
    const raw = generate({ system: 'Be brief.', raw: true });
    expect(raw.prompt).toHaveLength(1);
    expect(raw.providerOptions?.atelier).toEqual({ rawPrompt: true });
  });

  test('what cannot be done is refused, what has no effect is noted', () => {
    expect(() => generate({ suffix: 'end' })).toThrow('suffix');
    expect(notesOf({ template: '{{ .Prompt }}', context: [1, 2] })).toHaveLength(2);
    expect(notesOf({})).toEqual([]);
  });
});
