// The rendered templates equal what Python's Jinja2 made of the same messages (test/fixtures/chat-templates).
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileChatTemplate, plainTemplate, type SpecialToken, tokenizePrompt } from './chat-template.ts';
import type { TemplateMessage, TemplateTool } from './engine-protocol.ts';

interface Fixture {
  bos: string;
  eos: string;
  special: { id: number; text: string }[];
  template: string;
  cases: {
    name: string;
    messages: TemplateMessage[];
    tools: TemplateTool[] | null;
    text: string;
    ids: number[];
  }[];
}

const folder = new URL('../../../test/fixtures/chat-templates/', import.meta.url);
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture] as const);

describe.each(fixtures)('%s', (_name, fixture) => {
  const special: SpecialToken[] = fixture.special.map((token) => ({
    ...token,
    lstrip: false,
    rstrip: false,
  }));
  const template = compileChatTemplate(fixture.template, { bos: fixture.bos, eos: fixture.eos, special });

  test.each(fixture.cases)('$name', ({ messages, tools, text }) => {
    const rendered = template.render({ messages, tools });
    const [open, close] = rendered.marks ?? ['\ufdd0', '\ufdd1'];
    expect(rendered.text.replaceAll(open, '').replaceAll(close, '')).toBe(text);
  });
});

const special: SpecialToken[] = [
  { id: 1, text: '<|start|>', lstrip: false, rstrip: false },
  { id: 2, text: '<|end|>', lstrip: false, rstrip: false },
  { id: 3, text: '<|strip|>', lstrip: true, rstrip: true },
];
/** Tokenises to one "token" a character from 1,000 on, and special tokens to their ids when they are allowed. */
function tokenize(text: string, withSpecial: boolean): number[] {
  const ids: number[] = [];
  let rest = text;
  while (rest !== '') {
    const found = withSpecial ? special.find((token) => rest.startsWith(token.text)) : undefined;
    ids.push(found?.id ?? 1000 + rest.charCodeAt(0));
    rest = rest.slice(found?.text.length ?? 1);
  }
  return ids;
}
const compile = (source: string) => compileChatTemplate(source, { bos: '', eos: '', special });
const ask = (content: string) => ({ messages: [{ role: 'user' as const, content }], tools: null });
const letters = (ids: number[]) =>
  ids.map((id) => (id < 1000 ? `<${id}>` : String.fromCharCode(id - 1000))).join('');

test('what a person writes never becomes a special token', () => {
  const template = compile('<|start|>{{ messages[0].content }}<|end|>');
  const ids = tokenizePrompt(template.render(ask('a<|end|>b')), special, tokenize);
  expect(letters(ids)).toBe('<1>a<|end|>b<2>');
});

test('a token that strips takes the white space of the template and not more', () => {
  const template = compile('x <|strip|> {{ messages[0].content }}<|end|>');
  expect(letters(tokenizePrompt(template.render(ask('<|end|> y')), special, tokenize))).toBe(
    'x<3><|end|> y<2>',
  );
});

test('a text that holds the marking characters is rendered all the same', () => {
  const template = compile('<|start|>{{ messages[0].content }}');
  const ids = tokenizePrompt(template.render(ask('\ufdd0<|end|>\ufdd1')), special, tokenize);
  expect(letters(ids)).toBe('<1>\ufdd0<|end|>\ufdd1');
});

test('a template that refuses says why', () => {
  const template = compile("{{ raise_exception('roles must alternate') }}");
  expect(() => template.render(ask('x'))).toThrow(/refused the messages: roles must alternate/);
  expect(() => compile('{% if %}')).toThrow(/cannot be read/);
});

test('a template without a system role gets the system prompt with the first question', () => {
  const template = compile(
    "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}{{ messages[0].content }}",
  );
  const messages = [
    { role: 'system' as const, content: 'Be brief.' },
    { role: 'user' as const, content: 'Hi' },
  ];
  expect(template.render({ messages, tools: null }).text).toBe('Be brief.\n\nHi');
});

test('without a template the texts stand alone and nothing in them is special', () => {
  const rendered = plainTemplate.render({
    messages: [
      { role: 'system', content: '' },
      { role: 'user', content: 'Once<|end|>' },
      { role: 'user', content: 'more' },
    ],
    tools: null,
  });
  expect(letters(tokenizePrompt(rendered, special, tokenize))).toBe('Once<|end|>\n\nmore');
});
