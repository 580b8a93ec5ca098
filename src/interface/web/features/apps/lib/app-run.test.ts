import { expect, test } from 'vitest';
import type { AppEvent } from '../../../../../contracts/app.ts';
import { foldAppEvent, idleRun } from './app-run.ts';

test('events come to a run: step, notes once, text, output, end', () => {
  const events: AppEvent[] = [
    { type: 'status', step: 'part', done: 1, total: 4 },
    { type: 'note', message: 'Read in 4 parts.' },
    { type: 'note', message: 'Read in 4 parts.' },
    { type: 'partial', output: { summary: 'A' } },
    { type: 'text-delta', delta: 'A ' },
    { type: 'text-delta', delta: 'b.' },
    { type: 'output', output: { summary: 'A b.' } },
  ];
  const run = events.reduce(foldAppEvent, { ...idleRun, status: 'running' as const });
  expect(run).toMatchObject({
    status: 'running',
    step: null,
    notes: [{ message: 'Read in 4 parts.' }],
    text: 'A b.',
    output: { summary: 'A b.' },
  });
});
