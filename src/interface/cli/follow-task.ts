// Follows a task of the server to its end; Ctrl+C cancels it.
import { setTimeout as sleep } from 'node:timers/promises';
import { AtelierError, errorFromBody, toAtelierError } from '../../contracts/errors.ts';
import type { Task, TaskProgress } from '../../contracts/task.ts';
import type { ApiClient } from './api-client.ts';
import { printable } from './output.ts';
import { onStopSignal } from './signals.ts';

export interface FollowOptions {
  /** One line that is written over at each look, only at a terminal. Null: quiet. */
  line: ((task: Task, progress: TaskProgress) => string) | null;
  /** What a cancelled or failed task is called: "The download". */
  what: string;
}

const LOOK_MS = 300;

/** @throws AtelierError cancelled, or what the task failed with */
export async function followTask(
  client: ApiClient,
  task: Task,
  { line, what }: FollowOptions,
): Promise<Task> {
  let current = task;
  let refused: AtelierError | null = null;
  const live = line !== null && process.stderr.isTTY;
  onStopSignal(() => {
    client.json('POST', `/atelier/v1/tasks/${task.id}/cancel`).catch((error: unknown) => {
      refused = toAtelierError(error);
    });
  });
  try {
    while (current.status === 'queued' || current.status === 'running' || current.status === 'paused') {
      await sleep(LOOK_MS);
      if (refused) throw refused;
      current = await client.json<Task>('GET', `/atelier/v1/tasks/${task.id}`);
      if (live && current.progress)
        process.stderr.write(`\r\x1b[K${printable(line(current, current.progress))}`);
    }
  } finally {
    if (live) process.stderr.write('\r\x1b[K');
  }
  if (current.status === 'cancelled') throw new AtelierError('cancelled', `${what} was cancelled.`);
  if (current.status === 'failed')
    throw current.error
      ? errorFromBody(current.error)
      : new AtelierError('internal', `${what} failed without a reason.`);
  return current;
}
