import { expect, test } from 'vitest';
import { readRouted } from './read-routed.ts';

test('a route is read with what it holds, and nothing is made up', () => {
  const routed = {
    asked: 'fast',
    answered: 'b/two',
    attempts: 2,
    fallback: true,
    cache: 'miss' as const,
    reason: 'a/one: 500',
  };
  expect(readRouted({ attributes: { 'atelier.routed': routed, 'atelier.saved_nano': 7 } })).toEqual({
    routed,
    savedNano: 7,
  });
  expect(readRouted({ attributes: {} })).toEqual({ routed: null, savedNano: 0 });
  expect(readRouted({ attributes: { 'atelier.routed': 'x', 'atelier.saved_nano': 'y' } })).toEqual({
    routed: null,
    savedNano: 0,
  });
  expect(
    readRouted({ attributes: { 'atelier.routed': { asked: 'a', answered: 'b', cache: 'odd' } } }).routed,
  ).toEqual({ asked: 'a', answered: 'b', attempts: 1, fallback: false, cache: 'off', reason: null });
});
