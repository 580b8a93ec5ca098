import { expect, test } from 'vitest';
import { createKnownFigures } from './figures.ts';

const known = createKnownFigures();
known.add(
  'Le loyer annuel est de 18 400 euros, le 1er mars 2025. A night costs 142 euros, 2,345.50 in all; share 0.125.',
);
known.add('1533.33333333333333333333333333 (rounded)');

test.each([
  '18400',
  '18 400 euros',
  '18,400',
  '18.400,00',
  '1533',
  '1533,33 euros',
  '1 533,33',
  '1,533.33',
  '1534',
  '1500',
  '142,00',
  '12,5 %',
  '2345.5',
  '2\u202f345,50',
  'le 1er mars 2025',
  '2025-03-01',
])('%s stands there, written in another way or rounded', (text) => {
  expect(known.unknownIn(text)).toEqual([]);
});

test.each([
  ['1277 euros', '1277'],
  ['un loyer de 1 535 euros', '1 535'],
  ['1533,35', '1533,35'],
  ['2000', '2000'],
  ['1600', '1600'],
  ['en 2026', '2026'],
  ['143,00', '143,00'],
])('%s does not', (text, figure) => {
  expect(known.unknownIn(text)).toEqual([figure]);
});

test.each([
  '12 nights',
  'v1.234',
  '#333333',
  'col_9876',
  'https://a.example/12345',
  '01 42 68 53 00',
  'page 7 [12]',
])('%s is no figure that could be wrong', (text) => {
  expect(known.unknownIn(text)).toEqual([]);
});

test('two numbers side by side are no number of thousands', () => {
  expect(known.unknownIn('142 2025')).toEqual([]);
  expect(known.unknownIn('142 142')).toEqual([]);
  expect(known.unknownIn('142 143')).toEqual(['142 143']);
});
