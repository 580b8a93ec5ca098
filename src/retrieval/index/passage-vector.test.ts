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
