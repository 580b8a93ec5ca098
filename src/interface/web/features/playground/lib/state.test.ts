// What a reload shows, whatever lies in the browser's storage.
import { describe, expect, test } from 'vitest';
import { readState, sentMessages, startState } from './state.ts';

describe('what the playground keeps', () => {
  test('is read as it was', () => {
    const kept = {
      ...startState,
      messages: [{ role: 'user', text: 'Hi' }],
      columns: [
        { key: '1', model: 'a', parameters: { temperature: 0.2 } },
        { key: '2', model: 'b', parameters: {} },
      ],
      next: { ...startState.next, temperature: 0.4 },
    };
    expect(readState(JSON.stringify(kept))).toEqual(kept);
  });

  test.each([null, '', '{', '[]', '{"messages":3,"columns":[{}],"next":[],"sweep":{"models":"x"}}'])(
    'falls back where it is %j',
    (text) => {
      expect(readState(text)).toEqual(startState);
    },
  );

  test('has at most four columns, each with a key of its own', () => {
    const columns = Array.from({ length: 6 }, () => ({ key: '1', model: 'a', parameters: {} }));
    expect(readState(JSON.stringify({ columns })).columns.map(({ key }) => key)).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  test('empty messages are not sent', () => {
    expect(
      sentMessages([
        { role: 'system', text: ' ' },
        { role: 'user', text: 'x' },
      ]),
    ).toEqual([{ role: 'user', text: 'x' }]);
  });
});
