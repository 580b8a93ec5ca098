import { expect, test } from 'vitest';
import type { PlanItem } from '../../../contracts/agent.ts';
import { freshId, mergePlan, moveItem } from './plan-edit.ts';

const item = (id: string, status: PlanItem['status'] = 'open', text = id): PlanItem => ({ id, text, status });
const before = [item('a', 'doing'), item('b'), item('c')];

test('what the agent did while the person wrote is kept, and so is what the person decided', () => {
  const draft = [item('a', 'doing', 'A, better'), item('b', 'dropped'), item('mine-1', 'open', ' new ')];
  const now = [item('a', 'done'), item('b', 'doing'), item('c'), item('d')];
  expect(mergePlan(draft, before, now)).toEqual([
    item('a', 'done', 'A, better'),
    item('b', 'dropped'),
    item('mine-1', 'open', 'new'),
    item('d'),
  ]);
});

test('a step without words is left out', () => {
  expect(mergePlan([item('a', 'open', ' ')], [item('a')], [item('a')])).toEqual([]);
});

test('a step moves by one and stays at the ends', () => {
  expect(moveItem(before, 1, -1).map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  expect(moveItem(before, 0, -1).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(freshId([item('mine-2')])).toBe('mine-3');
});
