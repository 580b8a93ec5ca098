import { expect, test } from 'vitest';
import { classifierName, isClassifierName } from './classifier-name.ts';

test.each([
  ['Sujets des mails (2026)', 'sujets-des-mails-2026'],
  ['  Élèves & Écoles  ', 'eleves-ecoles'],
  ['v1.2', 'v1.2'],
  ['!!!', ''],
  ['x'.repeat(80), 'x'.repeat(63)],
])('%s becomes %s', (words, name) => {
  expect(classifierName(words)).toBe(name);
  expect(isClassifierName(name)).toBe(name !== '');
});
