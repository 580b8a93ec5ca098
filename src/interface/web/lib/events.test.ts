import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { FirstRun } from '../../../contracts/catalogue.ts';
import type { Health } from '../../../contracts/system.ts';
import type { Task } from '../../../contracts/task.ts';
import { applyEvent, staleKeys, withTask } from './events.ts';
import { queryKeys } from './query-keys.ts';

const task = (id: string, createdAt: number, status: Task['status'] = 'running') =>
  ({ id, createdAt, status, kind: 'models.download' }) as Task;

test('a changed task takes the place of its older state', () => {
  const tasks = withTask([task('b', 2), task('a', 1)], task('a', 1, 'paused'));
  expect(tasks.map(({ id, status }) => `${id} ${status}`)).toEqual(['b running', 'a paused']);
  expect(withTask([], task('new', 3))).toHaveLength(1);
});

test('progress is shown without asking the server again; an end is asked about', () => {
  expect(staleKeys({ type: 'task-changed', task: task('a', 1) })).toEqual([]);
  expect(staleKeys({ type: 'task-changed', task: task('a', 1, 'complete') })).toContainEqual(
    queryKeys.catalogue,
  );
});

test('the state of the first run reaches the health that the page holds', () => {
  const client = new QueryClient();
  const firstRun: FirstRun = { state: 'working', chosen: null, reason: null, taskId: null, attempts: [] };
  client.setQueryData(queryKeys.health, { ready: false, firstRun } as Health);
  applyEvent(client, { type: 'first-run-changed', firstRun: { ...firstRun, state: 'ready' } });
  expect(client.getQueryData<Health>(queryKeys.health)).toMatchObject({
    ready: true,
    firstRun: { state: 'ready' },
  });
});

test('an event before the first answer puts nothing half into the cache', () => {
  const client = new QueryClient();
  applyEvent(client, { type: 'task-changed', task: task('a', 1) });
  expect(client.getQueryData(queryKeys.tasks)).toBeUndefined();
});

test('another file of a tuned model is shown as soon as it is made', () => {
  const made = { ...task('a', 1, 'complete'), kind: 'learning.tuned-file' };
  expect(staleKeys({ type: 'task-changed', task: made })).toContainEqual(['tuned-models']);
});
