// Against texts that lz-string 1.5 packed.
import { expect, test } from 'vitest';
import { decompressFromEncodedUriComponent } from './lz-string.ts';

test.each([
  ['{}', 'N4XyA'],
  [
    '{"configurable":{"model":"scripted/script"}}',
    'N4Igxg9gdgZglgcwK4CcCGAjANgUxALlAFsIATHLAkAZzBTgAcAXHUgelvuZAF8eg',
  ],
  [
    '{"configurable":{"model":"été ☃ aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabababababab"}}',
    'N4Igxg9gdgZglgcwK4CcCGAjANgUxALlAFsIATHLAkAS4BdqACQYDIG032POvufe+2MmIYJEgAvmKA',
  ],
])('%s', (plain, packed) => {
  expect(decompressFromEncodedUriComponent(packed)).toBe(plain);
});

test.each(['', 'N4', '!!!!', '________'])('%j is refused', (text) => {
  expect(() => decompressFromEncodedUriComponent(text)).toThrow(RangeError);
});

test('a small text that unpacks to a large one is refused', () => {
  expect(() =>
    decompressFromEncodedUriComponent(
      'N4Igxg9gdgZglgcwK4CcCGAjANgUxALlAFsIATHLAkAS4BdqACQYDIG032POvufe+2MmIYJEgAvmKA',
      50,
    ),
  ).toThrow('longer than 50');
});
