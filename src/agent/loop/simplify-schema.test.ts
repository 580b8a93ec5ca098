// Tool schemas as a grammar can hold them.
import { expect, test } from 'vitest';
import { simplifySchema } from './simplify-schema.ts';

test('structure stays; ranges, patterns, lengths, words and references go', () => {
  expect(
    simplifySchema({
      type: 'object',
      description: 'x',
      properties: {
        city: { type: 'string', minLength: 2, pattern: '^[a-z]+$' },
        days: { type: 'integer', minimum: 3 },
        unit: { enum: ['c', 'f'], description: 'unit' },
        item: { $ref: '#/$defs/item' },
        tags: { type: 'array', items: { type: 'string' }, maxItems: 3 },
        any: {},
      },
      required: ['city'],
      additionalProperties: false,
      $defs: { item: { type: 'object', properties: { again: { $ref: '#/$defs/item' } } } },
    }),
  ).toMatchObject({
    type: 'object',
    properties: {
      city: { type: 'string' },
      days: { type: 'integer' },
      unit: { enum: ['c', 'f'] },
      item: { type: 'object' },
      tags: { type: 'array', items: { type: 'string' } },
      any: true,
    },
    required: ['city'],
  });
});
