// A recorded call becomes messages and settings that can be sent again.
import { expect, test } from 'vitest';
import { attribute, type Span } from '../../../../../contracts/span.ts';
import { callOfSpan, callOfTrace } from './from-span.ts';

const span = (more: Partial<Span>): Span => ({
  traceId: 't',
  spanId: 's',
  parentId: null,
  name: 'chat',
  kind: 'model',
  startUs: 0,
  endUs: 1,
  status: 'ok',
  error: null,
  userId: 'local',
  conversationId: null,
  model: 'local/smol',
  usage: null,
  cost: null,
  timeToFirstTokenMs: null,
  attributes: {},
  input: null,
  output: null,
  ...more,
});

test('messages, model and settings', () => {
  const call = callOfSpan(
    span({
      attributes: { [attribute.temperature]: 0.3, [attribute.maxTokens]: 50, [attribute.stop]: ['x'] },
      input: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hi' },
            { type: 'file', filename: 'a.png' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm' },
            { type: 'tool-call', toolName: 'add', input: { a: 1 } },
          ],
        },
        { role: 'tool', content: [{ type: 'tool-result', output: { type: 'text', value: '2' } }] },
      ],
    }),
  );
  expect(call).toEqual({
    model: 'local/smol',
    parameters: { temperature: 0.3, maxOutputTokens: 50, stopSequences: ['x'] },
    messages: [
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Hi\n[a.png]' },
      { role: 'assistant', text: '[add {"a":1}]' },
      { role: 'user', text: '2' },
    ],
  });
});

test('of a trace the span that was pointed at, else the first call', () => {
  const said = (spanId: string, text: string, kind: Span['kind'] = 'model') =>
    span({ spanId, kind, input: [{ role: 'user', content: text }] });
  const spans = [said('a', 'run', 'run'), said('b', 'first'), said('c', 'second')];
  expect(callOfTrace(spans, 'c')?.messages[0]?.text).toBe('second');
  expect(callOfTrace(spans, undefined)?.messages[0]?.text).toBe('first');
  expect(callOfTrace([span({})], 's')).toBeNull();
});
