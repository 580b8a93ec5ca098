// Waits until a task has ended: told by this process's own changes, and on a shared store by looking again.
import type { Task } from '../contracts/task.ts';

export interface WaitOptions {
  /** The task as it is, and whether nothing of it is under way any more. */
  read: () => Promise<{ task: Task; ended: boolean }>;
  onChange: (listener: () => void) => () => void;
  /** Null where every change is told. */
  pollMs: number | null;
  signal: AbortSignal;
}

export function waitForTask({ read, onChange, pollMs, signal }: WaitOptions): Promise<Task> {
  return new Promise<Task>((resolve, reject) => {
    const off = onChange(look);
    const poll = pollMs === null ? undefined : setInterval(look, pollMs);
    const aborted = () => {
      release();
      reject(signal.reason);
    };
    function release(): void {
      off();
      clearInterval(poll);
      signal.removeEventListener('abort', aborted);
    }
    function look(): void {
      read().then(
        ({ task, ended }) => {
          if (!ended) return;
          release();
          resolve(task);
        },
        (error: unknown) => {
          release();
          reject(error);
        },
      );
    }
    if (signal.aborted) return aborted();
    signal.addEventListener('abort', aborted);
    look();
  });
}
