import { expect, test } from 'vitest';
import { readAttributes, writeAttributes } from './attributes.ts';

test('what is written is read back as it was', () => {
  const attributes = { year: 2026, draft: false, client: 'Dupont & fils', code: '007', note: 'a: b' };
  expect(readAttributes(writeAttributes(attributes))).toEqual({ attributes });
});

test('a French decimal is a number, and a line without a value is named', () => {
  expect(readAttributes('rate: 1,5\n\n')).toEqual({ attributes: { rate: 1.5 } });
  expect(readAttributes('year: 2026\nno value')).toEqual({ wrong: 'no value' });
  expect(readAttributes(': x')).toEqual({ wrong: ': x' });
});
