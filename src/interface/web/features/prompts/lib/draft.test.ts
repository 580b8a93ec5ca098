// What a reload shows of a prompt that is being edited.
import { describe, expect, test } from 'vitest';
import { readKept, sameBody } from './draft.ts';

const body = {
  messages: [{ role: 'user' as const, text: 'Hi {{name}}' }],
  model: null,
  parameters: { seed: 1 },
};

describe('a draft', () => {
  test('is read as it was', () => {
    const kept = {
      draft: body,
      values: { name: 'Ada' },
      columns: [{ key: '1', model: 'a', parameters: {} }],
    };
    expect(readKept(JSON.stringify(kept))).toEqual(kept);
  });

  test.each([null, '{', '3', '{"draft":{"messages":[{"role":"x"}]},"values":[],"columns":4}'])(
    'is none where the browser holds %j',
    (text) => {
      expect(readKept(text)).toMatchObject({ draft: null, values: {}, columns: [{ model: 'default' }] });
    },
  );

  test('that says the same as the version is no change', () => {
    expect(
      sameBody({ ...body, parameters: { topP: 1, seed: 1 } }, { ...body, parameters: { seed: 1, topP: 1 } }),
    ).toBe(true);
    expect(sameBody(body, { ...body, model: 'default' })).toBe(false);
    expect(sameBody(body, { ...body, messages: [{ role: 'user', text: 'Hi' }] })).toBe(false);
  });
});
