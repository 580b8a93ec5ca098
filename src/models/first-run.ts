// How the default model comes to be, as the first page draws it: a small state that follows one download job.
import type { FirstRun } from '../contracts/catalogue.ts';
import type { ErrorBody } from '../contracts/errors.ts';
import type { Task } from '../contracts/task.ts';
import type { Attempt } from './download-job.ts';

export interface FirstRunTracker {
  get(): FirstRun;
  /** A job was begun (or is still open from an earlier process). */
  follow(taskId: string, chosen: string | null, reason: string | null): void;
  attempted(taskId: string, attempts: readonly Attempt[]): void;
  /** The job that is followed changed. */
  taskChanged(task: Task): void;
  /** It could not even begin. */
  failed(model: string, error: ErrorBody): void;
  /** Some model can answer. */
  ready(): void;
  /** None can, and nobody asked for one. */
  none(): void;
}

const nothing: FirstRun = { state: 'none', chosen: null, reason: null, taskId: null, attempts: [] };

export function createFirstRun(onChange: () => void, nameOf: (id: string) => string): FirstRunTracker {
  let now: FirstRun = nothing;
  /** What auto wanted first, to say when something else is taken. */
  let wanted: { chosen: string | null; reason: string | null } = { chosen: null, reason: null };
  const change = (next: Partial<FirstRun>) => {
    const before = JSON.stringify(now);
    now = { ...now, ...next };
    if (JSON.stringify(now) !== before) onChange();
  };
  const withFallback = (chosen: string | null) =>
    chosen === null || chosen === wanted.chosen || wanted.chosen === null
      ? wanted.reason
      : `${wanted.reason ?? ''} It could not be fetched, so ${nameOf(chosen)} is taken, the next that fits.`.trim();

  return {
    get: () => now,
    follow(taskId, chosen, reason) {
      if (now.taskId === taskId && now.state === 'working') return;
      wanted = { chosen, reason };
      change({ state: 'working', chosen, reason, taskId, attempts: [] });
    },
    attempted(taskId, attempts) {
      if (taskId !== now.taskId) return;
      const chosen =
        attempts.findLast(({ outcome }) => outcome === 'working' || outcome === 'done')?.model ?? now.chosen;
      change({ attempts: [...attempts], chosen, reason: withFallback(chosen) });
    },
    taskChanged(task) {
      if (task.id !== now.taskId) return;
      if (task.status === 'failed' && now.state === 'working')
        change({ state: 'failed', attempts: attemptsOf(task) ?? now.attempts });
      if (task.status === 'cancelled' && now.state === 'working') change(nothing);
      // Started again by a person.
      if ((task.status === 'running' || task.status === 'queued') && now.state === 'failed')
        change({ state: 'working', attempts: [] });
    },
    failed(model, error) {
      change({
        state: 'failed',
        chosen: model,
        reason: null,
        taskId: null,
        attempts: [{ model, source: 'catalogue', outcome: 'failed', error }],
      });
    },
    ready: () => change({ state: 'ready' }),
    none: () => change(nothing),
  };
}

/** What a failed job tells of its attempts, also after a restart. */
function attemptsOf(task: Task): Attempt[] | null {
  const attempts = task.error?.data.attempts;
  return Array.isArray(attempts) ? (attempts as Attempt[]) : null;
}
