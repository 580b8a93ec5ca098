// What the numbers of a task come to: how much of it is done and how long the rest takes.
import type { Task, TaskProgress } from '../../../contracts/task.ts';

export const isOpen = (task: Task): boolean => ['queued', 'running', 'paused'].includes(task.status);

/** 0 to 1, or null when the whole is not known. */
export function fractionOf(progress: TaskProgress | null): number | null {
  if (!progress || progress.total === null || progress.total <= 0) return null;
  return Math.min(1, progress.done / progress.total);
}

/** Seconds that the rest takes at the present speed, rounded so that the number does not jitter; null: nobody knows. */
export function secondsLeft(progress: TaskProgress | null): number | null {
  if (!progress || progress.total === null || !progress.perSecond || progress.perSecond <= 0) return null;
  const seconds = Math.max(0, progress.total - progress.done) / progress.perSecond;
  if (!Number.isFinite(seconds)) return null;
  if (seconds < 10) return Math.ceil(seconds);
  if (seconds < 90) return Math.ceil(seconds / 5) * 5;
  return Math.ceil(seconds / 30) * 30;
}
