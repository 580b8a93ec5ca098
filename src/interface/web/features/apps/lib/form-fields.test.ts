import { expect, test } from 'vitest';
import { cleaned, faultsOf, fieldsOf, isPlain, startOf } from './form-fields.ts';

const schema = {
  type: 'object',
  required: ['text', 'length'],
  properties: {
    text: { type: 'string', minLength: 1 },
    length: { type: 'string', enum: ['short', 'long'], default: 'short' },
    name: { type: 'string', maxLength: 80 },
    count: { type: 'integer', minimum: 1 },
    markdown: { type: 'boolean' },
    words: { type: 'array', items: { type: 'string' } },
    labels: {
      type: 'array',
      items: {
        type: 'object',
        properties: { label: { type: 'string' }, hint: { type: 'string' } },
        required: ['label'],
      },
    },
    anything: {},
    maybe: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
};
const fields = fieldsOf(schema);

test('each kind of value has its control', () => {
  expect(fields.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'text text',
    'length choice',
    'name line',
    'count number',
    'markdown switch',
    'words lines',
    'labels rows',
    'anything json',
    'maybe text',
  ]);
  expect(fields.filter((field) => isPlain(field)).map(({ name }) => name)).toEqual([
    'text',
    'length',
    'markdown',
  ]);
});

test('what is left empty is not sent, and what is missing is said at its field', () => {
  expect(startOf(fields)).toEqual({ length: 'short' });
  const value = cleaned(
    { text: '', length: 'short', name: '', labels: [{ label: 'a', hint: '' }, { label: '' }] },
    fields,
  );
  expect(value).toEqual({ length: 'short', labels: [{ label: 'a' }] });
  expect(faultsOf(value, schema)).toMatchObject([{ field: 'text', fault: { rule: 'required' } }]);
});
