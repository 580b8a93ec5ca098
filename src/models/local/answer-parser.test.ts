import { describe, expect, test } from 'vitest';
import { type AnswerPart, createAnswerParser } from './answer-parser.ts';

const known = new Set(['search', 'add']);

/** Fed whole and then letter by letter: the parts must not depend on where tokens end. */
function parse(
  text: string,
  options: { tools?: ReadonlySet<string>; promptEnd?: string; thinking?: boolean } = {},
): AnswerPart[] {
  const run = (pieces: string[]) => {
    const parser = createAnswerParser({
      tools: options.tools ?? known,
      thinking: options.thinking ?? true,
      promptEnd: options.promptEnd ?? '',
    });
    return joined([...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()]);
  };
  const whole = run([text]);
  expect(run([...text])).toEqual(whole);
  return whole;
}

function joined(parts: AnswerPart[]): AnswerPart[] {
  const result: AnswerPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.type !== 'call' && last !== undefined && last.type === part.type) last.text += part.text;
    else result.push({ ...part });
  }
  return result;
}

const text = (value: string) => ({ type: 'text', text: value });
const call = (name: string, input: unknown) => ({
  type: 'call',
  call: { name, input: JSON.stringify(input) },
});

describe('calls', () => {
  test('in the tags of the template', () => {
    expect(parse('<tool_call>\n{"name": "search", "arguments": {"q": "é"}}\n</tool_call>')).toEqual([
      call('search', { q: 'é' }),
    ]);
  });

  test('several, after a sentence', () => {
    const one = '<tool_call>{"name":"add","arguments":{"a":1}}</tool_call>';
    const two = '<tool_call>{"name":"search","arguments":{}}</tool_call>';
    expect(parse(`Let me see.\n${one}\n${two}`)).toEqual([
      text('Let me see.\n'),
      call('add', { a: 1 }),
      call('search', {}),
    ]);
  });

  test('bare, as small models write them', () => {
    expect(parse('{"name": "add", "arguments": {"a": 1, "b": 2}}')).toEqual([call('add', { a: 1, b: 2 })]);
    expect(parse(' {"name": "add", "parameters": {"a": 1}}\n')).toEqual([call('add', { a: 1 })]);
    expect(parse('[{"name":"add","arguments":{}},{"name":"search","arguments":{}}]')).toHaveLength(2);
  });

  test('in a code fence', () => {
    expect(parse('```json\n{"name": "add", "arguments": {"a": 1}}\n```')).toEqual([call('add', { a: 1 })]);
  });

  test('with arguments as a string, as the OpenAI wire has them', () => {
    expect(parse('{"name": "add", "arguments": "{\\"a\\":1}"}')).toEqual([call('add', { a: 1 })]);
  });

  test('cut off before the end tag', () => {
    expect(parse('<tool_call>{"name":"add","arguments":{"a":1}}')).toEqual([call('add', { a: 1 })]);
  });
});

describe('what is no call stays text, to the letter', () => {
  test.each([
    'Bonjour !',
    '{"name": "unknown", "arguments": {}}',
    '{"answer": 42}',
    '```json\n{"answer": 42}\n```',
    '```python\nprint({"name": "add"})\n```',
    'Use {"name": "add", "arguments": {}} for that.',
    '{"name": "add", "arguments": {}} is how to call it.',
    '{not json',
    '<tool_call>oops</tool_call> and on',
    'a < b and <tool> and <tool_cal',
    '[1, 2, 3]',
  ])('%s', (answer) => {
    expect(parse(answer)).toEqual([text(answer)]);
  });

  test('and nothing is a call when there are no tools', () => {
    const answer = '<tool_call>{"name":"add","arguments":{}}</tool_call>';
    expect(parse(answer, { tools: new Set() })).toEqual([text(answer)]);
  });
});

describe('thinking', () => {
  test('between its tags at the beginning', () => {
    expect(parse('<think>\nhm, 2\n</think>\n\nTwo.')).toEqual([
      { type: 'reasoning', text: 'hm, 2' },
      text('Two.'),
    ]);
  });

  test('that the template opened', () => {
    const promptEnd = '<|im_start|>assistant\n<think>\n';
    expect(parse('hm</think>Two.', { promptEnd })).toEqual([{ type: 'reasoning', text: 'hm' }, text('Two.')]);
  });

  test('before a call', () => {
    const parts = parse('<think>hm</think>\n<tool_call>{"name":"add","arguments":{}}</tool_call>');
    expect(parts).toEqual([{ type: 'reasoning', text: 'hm' }, call('add', {})]);
  });

  test('elsewhere in the answer is text', () => {
    expect(parse('Write <think> like this.')).toEqual([text('Write <think> like this.')]);
  });

  test('is not looked for under a grammar', () => {
    expect(parse('<think>', { thinking: false })).toEqual([text('<think>')]);
  });
});

test('JSON that is no call is passed on as it comes', () => {
  const parser = createAnswerParser({ tools: known, thinking: false, promptEnd: '' });
  expect(parser.push('{"na')).toEqual([]);
  expect(parser.push('tion": "France"')).toEqual([text('{"nation": "France"')]);
  expect(parser.push('}')).toEqual([text('}')]);
});

test('plain text is passed on at once', () => {
  const parser = createAnswerParser({ tools: new Set(), thinking: true, promptEnd: '' });
  expect(parser.push('Bon')).toEqual([text('Bon')]);
  expect(parser.push('jour')).toEqual([text('jour')]);
});
