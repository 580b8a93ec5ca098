// When two questions are the same one.
import { expect, test } from 'vitest';
import { questionHashOf } from './example-body.ts';

const hash = (text: string) => questionHashOf({ kind: 'labels', text, label: 'x' });

test.each([
  ['accents, capitals and signs', 'Où est l’École ?', 'ou est l ecole'],
  ['soft hyphens', 'une en\u00adtre\u00adprise', 'une entreprise'],
  [
    'blanks without width, and a mark of the byte order',
    '\ufeffune\u2060 entre\u200bprise',
    'une entreprise',
  ],
])('%s make no other question', (_name, one, other) => {
  expect(hash(one)).toBe(hash(other));
});

test.each([
  ['une entre prise', 'une entreprise'],
  ['?', '!'],
])('%s is not %s', (one, other) => {
  expect(hash(one)).not.toBe(hash(other));
});
