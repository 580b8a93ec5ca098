import { expect, test } from 'vitest';
import { linesOf } from './example-text.ts';

test('an example is told in two lines by its last question and what is wanted', () => {
  const messages = [
    { role: 'system' as const, content: 'Be brief.' },
    { role: 'user' as const, content: 'First' },
    { role: 'assistant' as const, content: 'One' },
    { role: 'user' as const, content: 'And\n  then?' },
  ];
  expect(
    linesOf({ kind: 'chat', messages: [...messages, { role: 'assistant', content: 'Two\nlines' }] }),
  ).toEqual({ asked: 'And then?', wanted: 'Two lines' });
  expect(linesOf({ kind: 'preference', messages, chosen: 'Yes', rejected: 'No' })).toEqual({
    asked: 'And then?',
    wanted: 'Yes',
  });
  expect(linesOf({ kind: 'labels', text: 'Merci !', label: 'positive' })).toEqual({
    asked: 'Merci !',
    wanted: 'positive',
  });
  expect(linesOf({ kind: 'chat', messages: [{ role: 'system', content: 'Alone' }] })).toEqual({
    asked: 'Alone',
    wanted: '',
  });
});
