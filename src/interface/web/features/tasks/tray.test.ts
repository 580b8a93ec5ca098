import { expect, test } from 'vitest';
import type { Task } from '../../../../contracts/task.ts';
import { trayOf } from './tray.ts';

const NOW = 10 * 86_400_000;
const task = (id: string, status: Task['status'], age: number, title = id): Task => ({
  id,
  kind: 'models.download',
  title,
  payload: {},
  status,
  progress: null,
  result: null,
  error: null,
  canPause: true,
  createdAt: NOW - age,
  startedAt: null,
  endedAt: status === 'failed' ? NOW - age : null,
});
const ids = (tasks: Task[], dismissed: string[] = []) => trayOf(tasks, dismissed, NOW).map(({ id }) => id);

test('open work by age, then fresh failures; what ended well is gone', () => {
  expect(
    ids([
      task('new', 'running', 1),
      task('old', 'paused', 9),
      task('bad', 'failed', 5),
      task('done', 'complete', 3),
    ]),
  ).toEqual(['old', 'new', 'bad']);
});

test('a failure leaves when it is put away, a day old, or overtaken by another try', () => {
  expect(ids([task('bad', 'failed', 5)], ['bad'])).toEqual([]);
  expect(ids([task('bad', 'failed', 2 * 86_400_000)])).toEqual([]);
  expect(ids([task('bad', 'failed', 5, 'Qwen'), task('again', 'complete', 1, 'Qwen')])).toEqual([]);
  expect(ids([task('bad', 'failed', 1, 'Qwen'), task('before', 'complete', 5, 'Qwen')])).toEqual(['bad']);
});
