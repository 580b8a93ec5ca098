import { describe, expect, test } from 'vitest';
import type { FirstRun } from '../../../../../contracts/catalogue.ts';
import type { ModelInfo } from '../../../../../contracts/model.ts';
import type { Task } from '../../../../../contracts/task.ts';
import { failures, firstRunView } from './first-run-view.ts';

const firstRun = (state: FirstRun['state'], more: Partial<FirstRun> = {}): FirstRun => ({
  state,
  chosen: 'qwen',
  reason: null,
  taskId: 'task_1',
  attempts: [],
  ...more,
});
const task = (status: Task['status'], progress: Task['progress'] = null): Task => ({
  id: 'task_1',
  kind: 'models.download',
  title: 'Qwen',
  payload: {},
  status,
  progress,
  result: null,
  error: null,
  canPause: true,
  createdAt: 0,
  startedAt: 0,
  endedAt: null,
});
const progress = { done: 1, total: 2, unit: 'bytes', perSecond: 1, note: 'downloading' } as const;
const model = (kind: 'local' | 'scripted') => ({ id: `${kind}/x`, place: { kind, host: null } }) as ModelInfo;

describe('the line under the composer', () => {
  test('a model that answers wins over everything', () => {
    expect(firstRunView(firstRun('working'), [task('running', progress)], model('local')).kind).toBe('ready');
  });
  test('a scripted model does not hide the download', () => {
    expect(firstRunView(firstRun('working'), [task('running', progress)], model('scripted')).kind).toBe(
      'downloading',
    );
    expect(firstRunView(firstRun('none', { taskId: null }), [], model('scripted')).kind).toBe('ready');
  });
  test('shows figures, a pause, and the time before the first figure', () => {
    expect(firstRunView(firstRun('working'), [task('running', progress)], undefined).kind).toBe(
      'downloading',
    );
    expect(firstRunView(firstRun('working'), [task('paused', progress)], undefined).kind).toBe('paused');
    expect(firstRunView(firstRun('working'), [task('queued')], undefined)).toEqual({
      kind: 'preparing',
      name: 'Qwen',
    });
    expect(firstRunView(firstRun('working', { taskId: null }), [], undefined).kind).toBe('preparing');
  });
  test('says when all sources failed, and when nobody asked', () => {
    expect(firstRunView(firstRun('failed'), [task('failed')], undefined).kind).toBe('failed');
    expect(firstRunView(firstRun('none', { taskId: null }), [], undefined).kind).toBe('none');
  });
  test('a download that a person started after a failure is shown', () => {
    const other = { ...task('running', progress), id: 'task_2' };
    expect(firstRunView(firstRun('failed'), [other], undefined)).toEqual({
      kind: 'downloading',
      task: other,
    });
  });
});

test('only what did not work is listed as tried', () => {
  const attempts = [
    { model: 'a', source: 'hub', outcome: 'failed', error: null },
    { model: 'a', source: 'wheel', outcome: 'working', error: null },
    { model: 'b', source: 'wheel', outcome: 'skipped', error: null },
  ] as FirstRun['attempts'];
  expect(failures(firstRun('working', { attempts })).map(({ model: id, source }) => id + source)).toEqual([
    'ahub',
    'bwheel',
  ]);
});
