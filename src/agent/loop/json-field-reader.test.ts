// The answer within a JSON step, read while it comes: whatever the cuts, the text is the same.
import { expect, test } from 'vitest';
import { createJsonFieldReader } from './json-field-reader.ts';

const texts = [
  '',
  'Bonjour',
  'a "quoted" \\ back\\slash / and\nlines\tand é 👩‍👩‍👧 \u0000',
  '{"answer":"inside"}',
  'ends with a backslash \\',
];

test.each(texts)('%j comes out whole, however it is cut', (text) => {
  for (const json of [
    JSON.stringify({ answer: text }),
    `{ "answer" : ${JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)} }`,
  ])
    for (const size of [1, 2, 3, 7, 1000]) {
      const reader = createJsonFieldReader('answer');
      let out = '';
      for (let at = 0; at < json.length; at += size) out += reader.push(json.slice(at, at + size));
      expect(out).toBe(text);
    }
});

test('only the outermost object counts, and only text', () => {
  const read = (json: string) => createJsonFieldReader('answer').push(json);
  expect(read('{"tool":"x","input":{"answer":"no"}}')).toBe('');
  expect(read('{"answer":{"answer":"no"}}')).toBe('');
  expect(read('{"answer":42}')).toBe('');
  expect(read('{"other":"answer","answer":"yes"}')).toBe('yes');
});
