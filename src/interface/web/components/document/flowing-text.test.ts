import { expect, test } from 'vitest';
import { flowingText } from './flowing-text.ts';

const long = 'A line that a program has wrapped at its own width of';

test.each([
  [
    'wrapped lines flow together',
    `${long}\nsome characters.\n\nNext.`,
    'pdf',
    `${long} some characters.\nNext.`,
  ],
  ['short lines are kept', 'Roses are red\nviolets are blue', 'text', 'Roses are red\nviolets are blue'],
  ['a list is kept', `${long}:\n- one\n2. two`, 'markdown', `${long}:\n- one\n2. two`],
  ['rows are kept', `${long};1\n${long};2`, 'csv', `${long};1\n${long};2`],
  ['indented code is kept', `${long}\n    const a = 1;`, 'text', `${long}\n    const a = 1;`],
])('%s', (_name, text, kind, expected) => {
  expect(flowingText(text, kind)).toBe(expected);
});
