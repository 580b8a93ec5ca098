import { describe, expect, test } from 'vitest';
import { toCallOptions } from './request.ts';
import { type MessageRequest, messageRequestSchema } from './schema.ts';

const read = (body: object) =>
  toCallOptions(
    messageRequestSchema.parse({
      model: 'm',
      max_tokens: 10,
      messages: [{ role: 'user', content: 'hi' }],
      ...body,
    }) as MessageRequest,
  );
const promptOf = (messages: object[], more: object = {}) => read({ messages, ...more }).options.prompt;
const user = (...content: object[]) => ({ role: 'user', content });
const tool = (name: string) => ({ name, input_schema: { type: 'object' } });
const pixel = { type: 'base64', media_type: 'image/png', data: 'iVBORw0K' };

describe('the prompt', () => {
  test('system as text, as blocks and in the middle', () => {
    expect(promptOf([user({ type: 'text', text: 'a' })], { system: 'Be brief.' })[0]).toEqual({
      role: 'system',
      content: 'Be brief.',
    });
    const blocks = [
      { type: 'text', text: 'One.', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'Two.' },
    ];
    const prompt = promptOf(
      [
        { role: 'user', content: 'a' },
        { role: 'system', content: 'Now in French.' },
        { role: 'user', content: 'b' },
      ],
      { system: blocks },
    );
    expect(prompt.map(({ role }) => role)).toEqual(['system', 'user', 'system', 'user']);
    expect(prompt[0]?.content).toBe('One.\n\nTwo.');
  });

  test('results of tools come apart from what the person says, with their names', () => {
    const prompt = promptOf([
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'theirs' },
          { type: 'tool_use', id: 'a', name: 'one', input: { x: 1 } },
          { type: 'tool_use', id: 'b', name: 'two', input: {} },
        ],
      },
      user(
        { type: 'tool_result', tool_use_id: 'b', content: [{ type: 'text', text: 'fine' }] },
        { type: 'tool_result', tool_use_id: 'a', content: 'broken', is_error: true },
        { type: 'text', text: 'and now?' },
      ),
    ]);
    expect(prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(prompt[1]?.content[0]).toEqual({
      type: 'reasoning',
      text: 'Hm.',
      providerOptions: { anthropic: { signature: 'theirs' } },
    });
    expect(prompt[2]?.content).toMatchObject([
      { toolCallId: 'b', toolName: 'two', output: { type: 'text', value: 'fine' } },
      { toolCallId: 'a', toolName: 'one', output: { type: 'error-text', value: 'broken' } },
    ]);
  });

  test('a signature of our own is taken back and goes no further', () => {
    const prompt = promptOf([
      { role: 'user', content: 'go' },
      { role: 'assistant', content: [{ type: 'thinking', thinking: 'Hm.', signature: 'atelier.abc' }] },
    ]);
    expect(prompt[1]?.content).toEqual([{ type: 'reasoning', text: 'Hm.' }]);
  });

  test('images by content and by address, also in a result', () => {
    const [message] = promptOf([
      user(
        { type: 'image', source: pixel },
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
      ),
    ]);
    expect(message?.content).toMatchObject([
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0K' } },
      { type: 'file', mediaType: 'image/*', data: { type: 'url' } },
    ]);
    const prompt = promptOf([
      { role: 'user', content: 'look' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'shot', input: {} }] },
      user({ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'image', source: pixel }] }),
    ]);
    expect(prompt[2]?.content[0]).toMatchObject({
      output: { type: 'content', value: [{ type: 'file', mediaType: 'image/png' }] },
    });
  });

  test('documents as text and as files', () => {
    const [message] = promptOf([
      user(
        { type: 'document', title: 'T', source: { type: 'text', media_type: 'text/plain', data: 'body' } },
        { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' } },
      ),
    ]);
    expect(message?.content).toMatchObject([
      { type: 'text', text: 'T\n\nbody' },
      { type: 'file', mediaType: 'application/pdf' },
    ]);
  });

  test('blocks that nobody here reads are left out with a note, never refused', () => {
    const { options, notes } = read({
      messages: [
        user({ type: 'text', text: 'hi' }, { type: 'hologram', data: 1 }),
        { role: 'assistant', content: [{ type: 'server_tool_use', id: 's', name: 'web_search', input: {} }] },
      ],
    });
    expect(options.prompt).toHaveLength(1);
    expect(notes.join(' ')).toContain('hologram');
    expect(notes.join(' ')).toContain('server_tool_use');
  });

  test.each([
    [[user({ type: 'tool_result', tool_use_id: 'nobody' })], 'messages[0].content[0].tool_use_id'],
    [
      [user({ type: 'image', source: { type: 'url', url: 'file:///etc/passwd' } })],
      'messages[0].content[0].source.url',
    ],
    [
      [user({ type: 'image', source: { type: 'file', file_id: 'f' } })],
      'messages[0].content[0].source.file_id',
    ],
    [[{ role: 'user', content: '' }], 'messages'],
  ])('a fault is told by its place: %#', (messages, param) => {
    expect(() => promptOf(messages)).toThrow(expect.objectContaining({ data: { param } }) as Error);
  });
});

describe('the options', () => {
  test.each([
    [{ thinking: { type: 'disabled' } }, 'none'],
    [{ thinking: { type: 'adaptive' } }, undefined],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }, 'max'],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, 'low'],
    [{ thinking: { type: 'enabled', budget_tokens: 10_000 } }, 'medium'],
    [{ thinking: { type: 'enabled', budget_tokens: 60_000 } }, 'high'],
    [{}, undefined],
  ])('thinking: %j', (body, reasoning) => {
    expect(read(body).options.reasoning).toBe(reasoning);
  });

  test.each([
    [{ type: 'auto' }, { type: 'auto' }],
    [{ type: 'any' }, { type: 'required' }],
    [
      { type: 'tool', name: 'f' },
      { type: 'tool', toolName: 'f' },
    ],
    [{ type: 'none' }, { type: 'none' }],
  ])('tool_choice: %j', (tool_choice, toolChoice) => {
    expect(read({ tools: [tool('f')], tool_choice }).options.toolChoice).toEqual(toolChoice);
  });

  test('one call at a time is told to the providers that know it', () => {
    const { options } = read({
      tools: [tool('f')],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
    expect(options.providerOptions?.anthropic).toEqual({ disableParallelToolUse: true });
  });

  test('tools that Anthropic runs are left out with a note', () => {
    const { options, notes } = read({
      tools: [tool('f'), { type: 'web_search_20250305', name: 'web_search', max_uses: 3 }],
    });
    expect(options.tools?.map(({ name }) => name)).toEqual(['f']);
    expect(notes[0]).toContain('web_search');
  });

  test('a JSON schema, under its new name and its old one', () => {
    const format = { type: 'json_schema', schema: { type: 'object' } };
    const expected = { type: 'json', schema: { type: 'object' } };
    expect(read({ output_config: { format } }).options.responseFormat).toEqual(expected);
    expect(read({ output_format: format }).options.responseFormat).toEqual(expected);
  });

  test('what is not known is ignored', () => {
    const body = {
      context_management: { edits: [] },
      metadata: { user_id: 'u' },
      service_tier: 'auto',
      future_field: { deep: true },
      stop_sequences: ['END', ''],
      temperature: 0.5,
      top_k: 5,
    };
    expect(read(body).options).toMatchObject({
      stopSequences: ['END'],
      temperature: 0.5,
      topK: 5,
      maxOutputTokens: 10,
    });
  });
});
