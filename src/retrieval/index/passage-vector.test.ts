// A passage's vector leans to what it says and to where it stands.
import { expect, test } from 'vitest';
import { mixVectors, textsToEmbed } from './passage-vector.ts';

const unit = (...parts: number[]) => Float32Array.from(parts);

test('title and headings are embedded beside the passage, when it has them', () => {
  expect(textsToEmbed({ context: 'Cookies > Consent', header: 'a | b', text: '1 | 2' })).toEqual([
    'Cookies > Consent\na | b\n1 | 2',
    'Cookies > Consent',
  ]);
  expect(textsToEmbed({ context: '', header: null, text: 'alone' })).toEqual(['alone']);
});

test('the heading that a passage begins with is where it stands too; a first sentence is not', () => {
  const label = (text: string, context = 'FAQ') => textsToEmbed({ context, header: null, text })[1];
  expect(label('How do I leave?\n\nBy the door.')).toBe('FAQ > How do I leave?');
  expect(label('Leaving\n\nBy the door.', '')).toBe('Leaving');
  expect(label('One leaves by the door.\n\nOr not.')).toBe('FAQ');
  expect(label(`${'long '.repeat(50)}\n\nrest`)).toBe('FAQ');
  expect(label('- a\n- b\n\nrest')).toBe('FAQ');
});

test('the mixed vector has length 1 and is nearer to the passage than to its context', () => {
  const mixed = mixVectors(unit(1, 0), unit(0, 1));
  expect(Math.hypot(...mixed)).toBeCloseTo(1, 6);
  expect(mixed[0]).toBeGreaterThan(mixed[1]!);
  expect(mixed[1]).toBeGreaterThan(0);
});

test('opposite vectors and no context leave the passage as it is', () => {
  expect(mixVectors(unit(1, 0), undefined)).toEqual(unit(1, 0));
  expect(mixVectors(unit(1, 0), unit(-1, 0), 0.5)).toEqual(unit(1, 0));
});
