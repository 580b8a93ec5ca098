import { expect, test } from 'vitest';
import { readInput, readOutput } from './read-messages.ts';

test('reads a recorded prompt with texts, files and tools', () => {
  const messages = readInput([
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Look.' },
        { type: 'file', filename: 'a.sql', mediaType: 'text/plain', data: { type: 'omitted', length: 3 } },
      ],
    },
    { role: 'assistant', content: [{ type: 'tool-call', toolName: 'search', input: { q: 'x' } }] },
    {
      role: 'tool',
      content: [{ type: 'tool-result', toolName: 'search', output: { type: 'text', value: '1' } }],
    },
  ]);
  expect(messages.map(({ role, parts }) => [role, ...parts.map((part) => part.type)])).toEqual([
    ['system', 'text'],
    ['user', 'text', 'file'],
    ['assistant', 'tool-call'],
    ['tool', 'tool-result'],
  ]);
  expect(messages[1]?.parts[1]).toEqual({ type: 'file', name: 'a.sql', text: null });
});

test('reads an answer in parts, as text, or not at all', () => {
  expect(
    readOutput([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Paris.' },
    ]),
  ).toEqual([
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: 'Paris.' },
      ],
    },
  ]);
  expect(readOutput('Paris.')).toEqual([{ role: 'assistant', parts: [{ type: 'text', text: 'Paris.' }] }]);
  expect(readOutput(null)).toEqual([]);
  expect(readOutput([])).toEqual([]);
});

test('keeps what it does not know', () => {
  expect(readInput({ odd: 1 })[0]?.parts[0]).toEqual({ type: 'other', text: '{\n  "odd": 1\n}' });
});
