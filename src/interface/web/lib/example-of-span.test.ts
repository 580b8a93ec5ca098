import { describe, expect, test } from 'vitest';
import { bodyOf, exampleOfSpan } from './example-of-span.ts';

const input = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: [{ type: 'text', text: 'The capital?' }] },
];
const output = [
  { type: 'reasoning', text: 'Hm.' },
  { type: 'text', text: 'Paris.' },
];

describe('an example of a recorded call', () => {
  test('is what was asked with the answer, without the thoughts', () => {
    const example = exampleOfSpan({ input, output }, [{ correction: null }]);
    expect(example).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'The capital?' },
      ],
      answer: 'Paris.',
      correction: null,
    });
    expect(example && bodyOf(example, 'chat')).toMatchObject({
      messages: [{}, {}, { role: 'assistant', content: 'Paris.' }],
    });
    expect(example && bodyOf(example, 'preference')).toBeNull();
    expect(example && bodyOf(example, 'labels')).toBeNull();
  });

  test('has the correction in the place of the answer, and both in a preference', () => {
    const example = exampleOfSpan({ input, output: 'Lyon' }, [{ correction: 'Paris' }]);
    expect(example && bodyOf(example, 'chat')).toMatchObject({
      messages: [{}, {}, { content: 'Paris' }],
    });
    expect(example && bodyOf(example, 'preference')).toMatchObject({ chosen: 'Paris', rejected: 'Lyon' });
  });

  test.each<[string, unknown, unknown]>([
    ['content that was not kept', null, null],
    ['an answer that is not there', input, []],
    ['a call of a tool', input, [{ type: 'tool-call', toolName: 'search', input: {} }]],
    ['a file among the words', [{ role: 'user', content: [{ type: 'file', data: '' }] }], output],
    ['a conversation that does not end with a question', [{ role: 'assistant', content: 'Hello' }], output],
  ])('is none of %s', (_, from, to) => {
    expect(exampleOfSpan({ input: from, output: to }, [])).toBeNull();
  });
});
