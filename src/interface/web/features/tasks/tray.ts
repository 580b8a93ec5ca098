// Which tasks the tray shows, and which failures a person has put away in this browser.
import type { Task } from '../../../../contracts/task.ts';
import { isOpen } from '../../lib/task-figures.ts';

const KEY = 'atelier.dismissed-tasks';
const DAY = 86_400_000;

/** Open work by age, then failures of the last day that nobody put away and no later success made moot. */
export function trayOf(tasks: readonly Task[], dismissed: readonly string[], now: number): Task[] {
  const open = tasks.filter(isOpen).sort((a, b) => a.createdAt - b.createdAt);
  const overtaken = (failed: Task) =>
    tasks.some(
      (task) =>
        task.kind === failed.kind &&
        task.title === failed.title &&
        task.createdAt > failed.createdAt &&
        task.status !== 'failed',
    );
  const failed = tasks.filter(
    (task) =>
      task.status === 'failed' &&
      !dismissed.includes(task.id) &&
      now - (task.endedAt ?? task.createdAt) < DAY &&
      !overtaken(task),
  );
  return [...open, ...failed];
}

export function dismissedTasks(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export function keepDismissed(ids: string[]): string[] {
  const last = ids.slice(-100);
  try {
    localStorage.setItem(KEY, JSON.stringify(last));
  } catch {
    // A browser that keeps nothing forgets it at the next reload.
  }
  return last;
}
