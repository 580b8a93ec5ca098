import { describe, expect, test } from 'vitest';
import { schemaFaults } from './check-schema.ts';
import { alternativesGrammar, type Schema, schemaGrammar } from './json-grammar.ts';

describe('keywords that no grammar expresses are named with their place', () => {
  test.each<[Schema, string[]]>([
    [
      { type: 'object', properties: { age: { type: 'integer', minimum: 18 } }, required: ['age'] },
      ['#/properties/age/minimum'],
    ],
    [{ type: 'string', pattern: '^a' }, ['#/pattern']],
    [{ type: 'string', format: 'email' }, ['#/format']],
    [
      { type: 'array', items: { type: 'string', maxLength: 9999 }, uniqueItems: true },
      ['#/uniqueItems', '#/items/maxLength'],
    ],
    [{ anyOf: [{ type: 'number', multipleOf: 2 }, { type: 'null' }] }, ['#/anyOf/0/multipleOf']],
    [{ type: 'object', properties: { when: { type: 'string', format: 'date' } } }, []],
    [{ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }, []],
  ])('%j', (schema, expected) => {
    expect(schemaGrammar(schema).unsupported).toEqual(expected);
  });
});

describe('a schema that cannot be used is refused with its place', () => {
  test.each<[Schema, RegExp]>([
    [{ $ref: '#/$defs/none' }, /#\/\$defs\/none, the reference leads nowhere/],
    [{ $ref: 'elsewhere.json' }, /only references within the schema/],
    [{ type: 'object', properties: { a: false }, required: ['a'] }, /#\/properties\/a, nothing can match/],
    [{ type: 'integer32' as never }, /no type "integer32"/],
  ])('%j', (schema, message) => {
    expect(() => schemaGrammar(schema)).toThrow(message);
  });
});

test('every rule that is used is defined, also in a schema that refers to itself', () => {
  const tree: Schema = {
    type: 'object',
    properties: { value: { type: 'integer' }, children: { type: 'array', items: { $ref: '#' } } },
    required: ['value'],
  };
  const { grammar } = alternativesGrammar([tree, { const: 'none' }]);
  const defined = new Set([...grammar.matchAll(/^([a-z0-9-]+) ::=/gm)].map((match) => match[1]));
  const used = [
    ...grammar
      .replace(/"(?:[^"\\]|\\.)*"/g, '')
      .replace(/\[(?:[^\]\\]|\\.)*\]/g, '')
      .matchAll(/\b[a-z][a-z0-9-]*\b/g),
  ];
  for (const [name] of used) expect(defined).toContain(name);
});

describe('the finished answer is checked', () => {
  const schema: Schema = {
    type: 'object',
    properties: { n: { type: 'integer', minimum: 3 } },
    required: ['n'],
    additionalProperties: false,
  };
  test.each<[string, string[]]>([
    ['{"n": 3}', []],
    ['{"n": 2}', ['/n must be >= 3']],
    [
      '{"m": 2}',
      ["the answer must have required property 'n'", 'the answer must NOT have additional properties'],
    ],
  ])('%s', (text, faults) => {
    expect(schemaFaults(text, schema)).toEqual(faults);
  });

  test('also one that is no JSON, and schemas of other dialects', () => {
    expect(schemaFaults('{"n"', schema)[0]).toMatch(/it is no JSON/);
    expect(
      schemaFaults('{"n": 3}', {
        ...schema,
        $schema: 'http://json-schema.org/draft-07/schema#',
        $id: 'x',
      } as Schema),
    ).toEqual([]);
    expect(schemaFaults('{"n": 3}', { ...schema, $id: 'x' } as Schema)).toEqual([]);
  });
});
