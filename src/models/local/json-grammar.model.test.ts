// Grammars written from schemas accept and refuse what the schemas do, judged by llama.cpp's own grammar machine.
import { getLlama, type Llama, LlamaLogLevel } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alternativesGrammar, anyJsonGrammar, type Schema, schemaGrammar } from './json-grammar.ts';

let llama: Llama;
beforeAll(async () => {
  llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.disabled,
  });
});
afterAll(() => llama.dispose());

async function accepts(grammar: string, text: string): Promise<boolean> {
  const compiled = (await llama.createGrammar({ grammar })) as unknown as {
    _testText(text: string): boolean;
  };
  return compiled._testText(text);
}

const person: Schema = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' }, mail: { type: ['string', 'null'] } },
  required: ['name'],
};
const tree: Schema = {
  $ref: '#/$defs/node',
  $defs: {
    node: {
      type: 'object',
      properties: { v: { type: 'number' }, next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
      required: ['v', 'next'],
    },
  },
};

const table: [string, Schema, string[], string[]][] = [
  [
    'required and optional',
    person,
    [
      '{"name":"a"}',
      '{"name": "é\\n", "age": -3}',
      '{"name":"a","mail":null}',
      '{"name":"a","age":1,"mail":"x"}',
    ],
    ['{}', '{"age":1}', '{"name":"a","other":1}', '{"name":1}', '{"name":"a"} and', '{"name":"a",}'],
  ],
  [
    'optional only',
    { type: 'object', properties: { a: { type: 'null' }, b: { type: 'boolean' } } },
    ['{}', '{"a":null}', '{"b":true}', '{"a":null,"b":false}'],
    ['{,}', '{"b":true,"a":null}', '{"a":null,}'],
  ],
  [
    'further properties',
    {
      type: 'object',
      properties: { a: { const: 1 } },
      required: ['a'],
      additionalProperties: { type: 'integer' },
    },
    ['{"a":1}', '{"a":1,"x":2,"y":3}'],
    ['{"a":1,"x":"2"}', '{"x":2}'],
  ],
  ['any object', { type: 'object' }, ['{}', '{"a":[1,{"b":null}]}'], ['[]', '1']],
  [
    'enumeration',
    { enum: ['chat "noir"', 2, null, { a: 1 }] },
    ['"chat \\"noir\\""', '2', 'null', '{"a":1}'],
    ['"chat"', '3'],
  ],
  [
    'list with bounds',
    { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 3 },
    ['[1]', '[1, 2, 3]'],
    ['[]', '[1,2,3,4]', '["1"]'],
  ],
  [
    'list of none or two',
    { type: 'array', items: { type: 'boolean' }, maxItems: 2 },
    ['[]', '[true]', '[true,false]'],
    ['[true,true,true]'],
  ],
  [
    'tuple',
    { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false },
    ['["a", 1.5e3]'],
    ['["a"]', '["a",1,2]', '[1,"a"]'],
  ],
  [
    'text with bounds',
    { type: 'string', minLength: 2, maxLength: 3 },
    ['"ab"', '"日本語"'],
    ['"a"', '"abcd"'],
  ],
  ['date', { type: 'string', format: 'date' }, ['"2026-02-28"'], ['"2026-13-01"', '"soon"']],
  ['date and time', { type: 'string', format: 'date-time' }, ['"2026-02-28T10:00:00Z"'], ['"2026-02-28"']],
  [
    'reference to itself',
    tree,
    ['{"v":1,"next":null}', '{"v":1,"next":{"v":2,"next":null}}'],
    ['{"v":1}', '{"v":1,"next":{}}'],
  ],
  [
    'one of several',
    { oneOf: [{ type: 'integer' }, { type: 'array', items: { type: 'string' } }] },
    ['7', '["a"]'],
    ['"a"', '[1]'],
  ],
  [
    'all of several',
    {
      allOf: [
        { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
        { properties: { b: { type: 'string' } }, required: ['b'] },
      ],
    },
    ['{"a":1,"b":"x"}'],
    ['{"a":1}', '{"b":"x"}'],
  ],
  [
    'shared properties beside branches',
    {
      type: 'object',
      properties: { k: { type: 'string' } },
      required: ['k'],
      anyOf: [
        { properties: { a: { type: 'integer' } }, required: ['a'] },
        { properties: { b: { type: 'integer' } }, required: ['b'] },
      ],
    },
    ['{"k":"x","a":1}', '{"k":"x","b":1}'],
    ['{"k":"x"}', '{"a":1}'],
  ],
  [
    'a name with quotes',
    { type: 'object', properties: { 'l\u2019"été"\\': { const: true } }, required: ['l\u2019"été"\\'] },
    ['{"l\u2019\\"été\\"\\\\":true}'],
    ['{"a":true}'],
  ],
  [
    'no less than zero',
    {
      type: 'object',
      properties: { i: { type: 'integer', minimum: 0 }, n: { type: 'number', minimum: 0 } },
      required: ['i', 'n'],
    },
    ['{"i":0,"n":0.5}', '{"i":12,"n":1e3}'],
    ['{"i":-1,"n":1}', '{"i":1,"n":-1}', '{"i":01,"n":1}'],
  ],
  ['anything', true, ['1', '"a"', '{"a":1}', 'null'], ['a']],
];

describe.each(table)('%s', (_name, schema, good, bad) => {
  const { grammar } = schemaGrammar(schema);
  test.each(good)('accepts %s', async (text) => expect(await accepts(grammar, text)).toBe(true));
  test.each(bad)('refuses %s', async (text) => expect(await accepts(grammar, text)).toBe(false));
});

test('JSON without a schema is an object or a list', async () => {
  expect(await accepts(anyJsonGrammar, '{"a": [1, 2.5e-3, true, null, "x"]}')).toBe(true);
  expect(await accepts(anyJsonGrammar, '[]')).toBe(true);
  expect(await accepts(anyJsonGrammar, '"text"')).toBe(false);
});

test('alternatives accept each of their shapes', async () => {
  const { grammar } = alternativesGrammar([person, tree]);
  expect(await accepts(grammar, '{"name":"a"}')).toBe(true);
  expect(await accepts(grammar, '{"v":1,"next":null}')).toBe(true);
  expect(await accepts(grammar, '{"x":1}')).toBe(false);
});
