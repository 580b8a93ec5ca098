import { expect, test } from 'vitest';
import { blankOf, checkSchema, resolveSchema } from './json-schema.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'content'],
  properties: {
    path: { type: 'string', minLength: 1, maxLength: 12 },
    content: { type: 'string' },
    mode: { enum: ['append', 'replace'], default: 'replace' },
    lines: { type: 'array', items: { $ref: '#/$defs/line' }, maxItems: 2 },
    limit: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
  },
  $defs: { line: { type: 'object', required: ['n'], properties: { n: { type: 'integer', minimum: 1 } } } },
};
const faults = (value: unknown) => checkSchema(value, schema).map(({ path, rule }) => `${path} ${rule}`);

test('a value that fits has no fault', () => {
  expect(faults({ path: 'a.md', content: '', mode: 'append', lines: [{ n: 1 }], limit: null })).toEqual([]);
});

test('every fault is named with its place', () => {
  expect(faults({ path: '', lines: [{ n: 0 }, {}], other: 1, limit: 0 })).toEqual([
    'content required',
    'path shortest',
    'lines[0].n least',
    'lines[1].n required',
    'other unknown',
    'limit least',
  ]);
  expect(faults('text')).toEqual([' type']);
  expect(faults({ path: 'a', content: 'b', mode: 'burn', limit: 'x' })).toEqual(['mode enum', 'limit any']);
  expect(faults({ path: 'a'.repeat(13), content: 1 })).toEqual(['path longest', 'content type']);
});

test('what the page does not know refuses nothing', () => {
  expect(checkSchema({ a: 1 }, { type: 'object', dependentSchemas: {}, properties: {} })).toEqual([]);
  expect(checkSchema('x', { type: 'string', pattern: '(?<=' })).toEqual([]);
  expect(resolveSchema({ $ref: '#/nowhere' }, {})).toEqual({});
});

test('a blank value has what is required and the defaults', () => {
  expect(blankOf(schema)).toEqual({ path: '', content: '', mode: 'replace' });
});
