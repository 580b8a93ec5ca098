// Files of examples: every shape as it comes, and every way in which a line can be wrong, told with its line.
import { describe, expect, test } from 'vitest';
import type { DatasetKind, ExampleBody } from '../../../contracts/dataset.ts';
import type { FileShape } from '../datasets.ts';
import { type Bodies, exportAs } from './export-shapes.ts';
import { readExamples } from './read-examples.ts';
import { bounded, MAX_DATASET_FILE_BYTES } from './read-lines.ts';

interface Outcome {
  shape: FileShape;
  bodies: ExampleBody[];
  faults: [line: number, code: string, message: string][];
}

async function read(
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  kind: DatasetKind = 'chat',
  name = 'file.jsonl',
): Promise<Outcome> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const { shape, examples } = await readExamples({ name, bytes }, kind);
  const outcome: Outcome = { shape, bodies: [], faults: [] };
  for await (const { line, read: one } of examples)
    if ('body' in one) outcome.bodies.push(one.body);
    else outcome.faults.push([line, one.code, one.message]);
  return outcome;
}

const chat = (...texts: string[]): ExampleBody => ({
  kind: 'chat',
  messages: texts.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content })),
});
const messages = (...texts: string[]) => {
  const body = chat(...texts);
  return body.kind === 'chat' ? body.messages : [];
};
const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

describe('shapes', () => {
  test.each<[string, DatasetKind, string, FileShape, ExampleBody[]]>([
    [
      'OpenAI chats, with parts, developer and weights',
      'chat',
      lines({
        messages: [
          { role: 'developer', content: 'Brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'A' },
              { type: 'text', text: '?' },
            ],
          },
          { role: 'assistant', content: 'no', weight: 0 },
          { role: 'user', content: 'B?' },
          { role: 'assistant', content: 'b', weight: 1 },
        ],
        tools: [],
      }),
      'openai',
      [
        {
          kind: 'chat',
          messages: [
            { role: 'system', content: 'Brief.' },
            { role: 'user', content: 'A?' },
            { role: 'assistant', content: 'no', weight: 0 },
            { role: 'user', content: 'B?' },
            { role: 'assistant', content: 'b' },
          ],
        },
      ],
    ],
    [
      'a prompt and its completion, as texts or as turns',
      'chat',
      lines(
        { prompt: 'A?', completion: 'a' },
        {
          prompt: [{ role: 'user', content: 'B?' }],
          completion: [{ role: 'assistant', content: 'b' }],
        },
      ),
      'prompt-completion',
      [chat('A?', 'a'), chat('B?', 'b')],
    ],
    [
      'a prompt with two answers',
      'preference',
      lines(
        { prompt: 'A?', chosen: 'good', rejected: 'bad', messages: messages('A?', 'good') },
        { prompt: 'B?', chosen: messages('B?', 'good'), rejected: messages('B?', 'bad') },
      ),
      'prompt-preference',
      [
        { kind: 'preference', messages: messages('A?'), chosen: 'good', rejected: 'bad' },
        { kind: 'preference', messages: messages('B?'), chosen: 'good', rejected: 'bad' },
      ],
    ],
    [
      'a table whose cells hold lines of JSON',
      'chat',
      'prompt,completion\nAs JSON?,"{\n{}\n""a"": 1\n}"\n',
      'csv',
      [chat('As JSON?', '{\n{}\n"a": 1\n}')],
    ],
    [
      'OpenAI preferences',
      'preference',
      lines({
        input: { messages: [{ role: 'user', content: 'A?' }], tools: [] },
        preferred_output: [{ role: 'assistant', content: 'good' }],
        non_preferred_output: [{ role: 'assistant', content: 'bad' }],
      }),
      'openai-preference',
      [{ kind: 'preference', messages: [{ role: 'user', content: 'A?' }], chosen: 'good', rejected: 'bad' }],
    ],
    [
      'ShareGPT',
      'chat',
      lines({
        id: 1,
        conversations: [
          { from: 'human', value: 'A?' },
          { from: 'gpt', value: 'a' },
        ],
      }),
      'sharegpt',
      [chat('A?', 'a')],
    ],
    [
      'Alpaca, as one JSON list over several lines',
      'chat',
      JSON.stringify(
        [
          { instruction: 'Add', input: '1 2', output: '3' },
          { instruction: 'Hi', input: '', output: 'ho' },
        ],
        null,
        2,
      ),
      'alpaca',
      [chat('Add\n\n1 2', '3'), chat('Hi', 'ho')],
    ],
    [
      'labels',
      'labels',
      lines({ text: 'bien', label: 1 }),
      'labels',
      [{ kind: 'labels', text: 'bien', label: '1' }],
    ],
    [
      'a table with ; and quoted cells over lines',
      'chat',
      'Id;Question;Réponse\r\n1;"Où ; ""ici"" ?";"Là\r\nbas"\r\n\r\n2;B?;b\r\n',
      'csv',
      [chat('Où ; "ici" ?', 'Là\r\nbas'), chat('B?', 'b')],
    ],
    [
      'a table with tabs and a byte order mark',
      'labels',
      '\ufefftexte\tcatégorie\nbien\t bon \n',
      'csv',
      [{ kind: 'labels', text: 'bien', label: 'bon' }],
    ],
    [
      'a table of pairs',
      'preference',
      'prompt,chosen,rejected\nA?,good,bad\n',
      'csv',
      [{ kind: 'preference', messages: [{ role: 'user', content: 'A?' }], chosen: 'good', rejected: 'bad' }],
    ],
  ])('%s', async (_name, kind, content, shape, bodies) => {
    expect(await read(content, kind)).toEqual({ shape, bodies, faults: [] });
  });

  test('a mark before the first line, empty lines and Windows endings are no fault', async () => {
    const content = `\ufeff${lines({ messages: messages('A?', 'a') })}\r\n\r\n${lines({ messages: messages('B?', 'b') })}\r\n`;
    expect(await read(content)).toMatchObject({ bodies: [chat('A?', 'a'), chat('B?', 'b')], faults: [] });
  });

  test('chunks may be cut anywhere, also within a letter', async () => {
    const whole = new TextEncoder().encode(
      lines({ messages: messages('Où ?', 'là 👍') }, { messages: messages('B?', 'b') }),
    );
    async function* single() {
      for (const byte of whole) yield Uint8Array.of(byte);
    }
    expect((await read(single())).bodies).toEqual([chat('Où ?', 'là 👍'), chat('B?', 'b')]);
  });
});

describe('faults', () => {
  const good = { messages: messages('A?', 'a') };
  test.each<[string, unknown, string, string]>([
    ['no JSON', '{"messages": [', 'not_json', 'no JSON'],
    ['no object', '[1]', 'wrong_shape', 'no JSON object'],
    ['another shape', { prompt: 'a', completion: 'b' }, 'wrong_shape', 'it has prompt, completion'],
    [
      'a wrong role',
      { messages: [{ role: 'bot', content: 'a' }] },
      'wrong_role',
      'message 1 has the role "bot"',
    ],
    ['no answer', { messages: messages('A?') }, 'no_answer', 'no assistant turn'],
    [
      'a question at the end',
      { messages: messages('A?', 'a', 'B?') },
      'no_answer',
      'ends with the turn of user',
    ],
    [
      'an answer first',
      {
        messages: [
          { role: 'assistant', content: 'a' },
          { role: 'user', content: 'b' },
          { role: 'assistant', content: 'c' },
        ],
      },
      'wrong_role',
      'before the first user turn',
    ],
    [
      'a late system message',
      { messages: [...messages('A?', 'a'), { role: 'system', content: 's' }, ...messages('B?', 'b')] },
      'wrong_role',
      'message 3 is a system message',
    ],
    ['an empty turn', { messages: messages('A?', ' ') }, 'empty', 'messages.1 is empty'],
    ['no content', { messages: [{ role: 'user', content: null }] }, 'empty', 'message 1 has no content'],
    [
      'a picture',
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
      'not_text',
      'image_url',
    ],
    ['tools', { ...good, tools: [{ type: 'function' }] }, 'tools', 'tools'],
    ['a tool call', { messages: [{ role: 'assistant', tool_calls: [{}] }] }, 'tools', 'tool call'],
    ['a tool message', { messages: [{ role: 'tool', content: 'a' }] }, 'tools', 'the role tool'],
    [
      'a weight of two',
      { messages: [{ role: 'assistant', content: 'a', weight: 2 }] },
      'wrong_shape',
      'the weight 2',
    ],
    [
      'nothing learned',
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'a', weight: 0 },
        ],
      },
      'no_answer',
      'weight 0',
    ],
    [
      'half a letter',
      '{"messages":[{"role":"user","content":"\\ud83d"},{"role":"assistant","content":"a"}]}',
      'wrong_encoding',
      'surrogate',
    ],
    [
      'a text that is too long',
      { messages: messages('A?', 'a'.repeat(1_000_001)) },
      'too_long',
      'it is 1000003 characters long and may be 1000000',
    ],
    [
      'a line that is too long',
      { messages: messages('A?', 'é'.repeat(5_000_000)) },
      'too_long',
      'the line has 9.5 MB and may have 8.0 MB',
    ],
  ])('%s: the line is told, the others are kept', async (_name, value, code, reason) => {
    const line = typeof value === 'string' ? value : JSON.stringify(value);
    const { bodies, faults } = await read(
      `${lines(good)}\n${line}\n${lines({ messages: messages('B?', 'b') })}`,
    );
    expect(bodies).toHaveLength(2);
    expect(faults).toEqual([[2, code, expect.stringContaining(reason)]]);
  });

  test('a byte that is no UTF-8 is told with its place', async () => {
    const before = new TextEncoder().encode(`${lines(good)}\n{"a":"é`);
    const bytes = Buffer.concat([before, Buffer.from([0xe9]), Buffer.from(`"}\n${lines(good)}`)]);
    const { bodies, faults } = await read(bytes);
    expect(bodies).toHaveLength(2);
    expect(faults).toEqual([
      [2, 'wrong_encoding', `the byte ${before.length} of the file (0xe9) is not valid UTF-8`],
    ]);
  });

  test('rows of a table: too few cells, an open quote, an empty cell', async () => {
    const { bodies, faults } = await read(
      'prompt,completion\nA?,a\nB?\nC?,"never closed\nD?,d\nE?,\n',
      'chat',
      'x.csv',
    );
    expect(bodies).toEqual([chat('A?', 'a'), chat('D?', 'd')]);
    expect(faults.map(([line, code]) => [line, code])).toEqual([
      [3, 'wrong_columns'],
      [4, 'open_quote'],
      [6, 'empty'],
    ]);
  });

  test('rows that end in a carriage return alone are rows, and their faults have their place', async () => {
    const { bodies, faults } = await read(
      'prompt,completion\rA?,a\r\rB?\r"C\r?","c, ""d"""\r',
      'chat',
      'x.csv',
    );
    expect(bodies).toEqual([chat('A?', 'a'), chat('C\r?', 'c, "d"')]);
    expect(faults.map(([line, code]) => [line, code])).toEqual([[4, 'wrong_columns']]);
  });

  test.each<[string, string | Uint8Array, string]>([
    ['is too long', `{"messages":"${'a'.repeat(8 * 1024 * 1024)}"}`, 'in line 1 the line has 8.0 MB'],
    [
      'is no text',
      Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0xff, 0x80),
      'in line 1 the byte 4 of the file (0xff)',
    ],
  ])('a file whose first line %s is refused with that reason', async (_name, content, reason) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(reason),
    });
  });

  test('a file that is too large is refused with both numbers: before it is read where that is known, else on the way', async () => {
    const sizeBytes = 1024 ** 3;
    const bytes = new TextEncoder().encode(lines(good));
    const limit = (MAX_DATASET_FILE_BYTES / 1024 ** 2).toFixed(1);
    await expect(readExamples({ name: 'a.jsonl', bytes, sizeBytes }, 'chat')).rejects.toMatchObject({
      code: 'payload_too_large',
      message: expect.stringMatching(`a.jsonl has 1024.0 MB and a file of examples may have ${limit} MB`),
    });
    const megabyte = Buffer.alloc(1024 * 1024, 'a');
    let read = 0;
    async function* endless() {
      for (;;) {
        read++;
        yield megabyte;
      }
    }
    await expect(readExamples({ name: 'b.jsonl', bytes: endless() }, 'chat')).rejects.toMatchObject({
      code: 'payload_too_large',
      message: expect.stringContaining(`b.jsonl has more than ${limit} MB`),
    });
    expect(read).toBe(MAX_DATASET_FILE_BYTES / 1024 ** 2 + 1);
    await expect(async () => {
      for await (const chunk of bounded({ name: 'c.jsonl', bytes: endless() })) void chunk;
    }).rejects.toMatchObject({
      code: 'payload_too_large',
      message: expect.stringMatching(/^c.jsonl has more than .* Split it\.$/),
    });
  });
});

describe('a file that holds no example is refused, not read as nothing', () => {
  test.each<[string, string, string]>([
    ['a header alone', 'text,label\n', 'file.jsonl holds no example: its line 1 names the columns'],
    ['a header below blank lines', '\n\n"text","label"\n  \n\n', 'its line 3 names the columns'],
    ['an empty list', ' [ ]', 'its list is empty'],
  ])('%s', async (_name, content, reason) => {
    const refused = {
      code: 'invalid_request',
      message: expect.stringContaining(reason),
      data: { code: 'empty' },
    };
    await expect(read(content, 'labels')).rejects.toMatchObject(refused);
  });
  test('a row that is wrong is a fault as before', async () => {
    expect((await read('text,label\na\n', 'labels')).faults).toMatchObject([
      [2, 'wrong_columns', expect.stringContaining('1 cells')],
    ]);
  });
});

describe('what goes out comes in again', () => {
  const bodies: Record<DatasetKind, ExampleBody[]> = {
    chat: [
      chat('=SUM(A1)', '-5'),
      chat("'=quoted", '+33, "so"'),
      { kind: 'chat', messages: [{ role: 'system', content: 'S;\ts' }, ...messages(' A\n?', 'a')] },
      chat('one\r\ntwo\nthree\rfour', 'a\r\n\r\nb\r\n'),
    ],
    preference: [{ kind: 'preference', messages: messages('A?'), chosen: '@good', rejected: "''-bad" }],
    labels: [{ kind: 'labels', text: 'a, "b"\nc', label: 'x' }],
  };
  const out = async (shape: FileShape, kind: DatasetKind, all: readonly ExampleBody[]) => {
    const source: Bodies = async function* () {
      yield* all;
    };
    let text = '';
    for await (const line of exportAs(shape, { name: 'set', kind }, source)) text += line;
    return text;
  };
  test.each<[FileShape, DatasetKind]>([
    ['openai', 'chat'],
    ['sharegpt', 'chat'],
    ['alpaca', 'chat'],
    ['csv', 'chat'],
    ['openai-preference', 'preference'],
    ['csv', 'preference'],
    ['labels', 'labels'],
    ['csv', 'labels'],
  ])('%s of %s', async (shape, kind) => {
    const text = await out(shape, kind, bodies[kind]);
    expect(await read(text, kind)).toEqual({ shape, bodies: bodies[kind], faults: [] });
    // No spreadsheet takes a cell for a formula.
    if (shape === 'csv') expect(text).not.toMatch(/(^|,)"?[=+\-@]/m);
  });

  test.each<[FileShape, DatasetKind, ExampleBody[], string]>([
    ['alpaca', 'chat', [chat('A?', 'a'), chat('A?', 'a', 'B?', 'b')], 'example 2 it has 4 turns'],
    ['csv', 'chat', [chat('A?', 'a', 'B?', 'b')], 'one question and one answer'],
    [
      'sharegpt',
      'chat',
      [
        {
          kind: 'chat',
          messages: [
            { role: 'user', content: 'a' },
            { role: 'assistant', content: 'b', weight: 0 },
            ...messages('c', 'd'),
          ],
        },
      ],
      'weight 0',
    ],
    ['labels', 'chat', [], 'cannot be written in the shape labels; it can in openai'],
  ])('%s cannot say every example of %s and is refused', async (shape, kind, all, reason) => {
    await expect(out(shape, kind, all)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(reason),
    });
  });
});
