import { expect, test } from 'vitest';
import { emptyDraft, freeName, inputOf, nameOf } from './agent-draft.ts';

test('an address is made out of a title in any language', () => {
  expect(nameOf('Équipe d’été n° 2')).toBe('equipe-d-ete-n-2');
  expect(nameOf('  7 Samurai!')).toBe('samurai');
  expect(nameOf('日本')).toBe('');
  expect(nameOf('x'.repeat(80))).toHaveLength(48);
  expect(freeName('a', ['a', 'a-2'])).toBe('a-3');
});

test('a draft comes to an input, or says what is wrong', () => {
  expect(inputOf(emptyDraft, [])).toEqual({ ok: false, faults: ['title', 'name'] });
  const draft = { ...emptyDraft, title: ' Helper ', name: 'helper', tools: ['a'] };
  expect(inputOf({ ...draft, maxSteps: '0', output: '[]' }, ['helper'])).toEqual({
    ok: false,
    faults: ['taken', 'steps', 'output'],
  });
  expect(inputOf({ ...draft, approvals: { a: 'always', b: 'never' }, output: '{}' }, [])).toMatchObject({
    ok: true,
    input: { title: 'Helper', approvals: { a: 'always' }, outputSchema: {}, maxSteps: 20 },
  });
});
