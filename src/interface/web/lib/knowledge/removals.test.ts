import { expect, test } from 'vitest';
import { createRemovals } from './removals.ts';

function open(refuse = false) {
  const removed: string[] = [];
  const removals = createRemovals(async (id) => {
    if (refuse) throw new Error('no');
    removed.push(id);
  });
  return { removed, removals };
}

test('a deleted document is hidden at once, and deleted once when the offer to undo goes', async () => {
  const { removed, removals } = open();
  let changes = 0;
  removals.watch(() => changes++);
  removals.begin('a');
  expect([...removals.hidden()]).toEqual(['a']);
  expect(removed).toEqual([]);
  await Promise.all([removals.commit('a'), removals.commitAll()]);
  expect(removed).toEqual(['a']);
  expect([...removals.hidden()]).toEqual(['a']);
  expect(removals.undo('a')).toBe(false);
  expect(changes).toBe(1);
});

test('one that was taken back is shown again and never deleted', async () => {
  const { removed, removals } = open();
  removals.begin('a');
  removals.begin('b');
  expect(removals.undo('a')).toBe(true);
  await removals.commit('a');
  await removals.commitAll();
  expect([...removals.hidden()]).toEqual(['b']);
  expect(removed).toEqual(['b']);
});

test('one that the server does not delete is shown again', async () => {
  const { removals } = open(true);
  removals.begin('a');
  await expect(removals.commit('a')).rejects.toThrow('no');
  expect([...removals.hidden()]).toEqual([]);
});
