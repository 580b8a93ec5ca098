import { expect, test } from 'vitest';
import type { ExampleBody } from '../../../../../contracts/dataset.ts';
import { emptyBody, faultOf } from './draft.ts';

const user = { role: 'user' as const, content: 'Hello' };
const assistant = { role: 'assistant' as const, content: 'Good day' };

test.each<[string, ExampleBody, string | null]>([
  ['nothing written', emptyBody('chat'), 'empty_message'],
  ['a question without its answer', { kind: 'chat', messages: [user] }, 'last_assistant'],
  ['a conversation', { kind: 'chat', messages: [user, assistant] }, null],
  [
    'a prompt that ends with an answer',
    { kind: 'preference', messages: [user, assistant], chosen: 'a', rejected: 'b' },
    'last_user',
  ],
  ['one answer only', { kind: 'preference', messages: [user], chosen: 'a', rejected: ' ' }, 'empty_answer'],
  ['twice the same', { kind: 'preference', messages: [user], chosen: 'a', rejected: 'a ' }, 'same_answers'],
  ['a pair', { kind: 'preference', messages: [user], chosen: 'a', rejected: 'b' }, null],
  ['no label', { kind: 'labels', text: 'Hello', label: '' }, 'empty_label'],
  ['no text', { kind: 'labels', text: '', label: 'greeting' }, 'empty_text'],
  ['a label', { kind: 'labels', text: 'Hello', label: 'greeting' }, null],
])('%s', (_, body, fault) => {
  expect(faultOf(body)).toBe(fault);
});
