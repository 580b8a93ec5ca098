import { expect, test } from 'vitest';
import type { MessagePart } from '../../../../../contracts/conversation.ts';
import { joinParts } from './join-parts.ts';

test('texts that follow each other are one, others keep their order', () => {
  const plan: MessagePart = { type: 'plan', items: [] };
  expect(
    joinParts([
      { type: 'reasoning', text: 'a' },
      { type: 'reasoning', text: 'b' },
      { type: 'text', text: 'c' },
      { type: 'text', text: 'd' },
      plan,
      { type: 'text', text: 'e' },
    ]),
  ).toEqual([
    { type: 'reasoning', text: 'a\n\nb' },
    { type: 'text', text: 'cd' },
    plan,
    { type: 'text', text: 'e' },
  ]);
});
