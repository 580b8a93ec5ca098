// One run of one job: the handler's context, its progress and checkpoint, the lease, and how it ends.
import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import type { Task, TaskProgress } from '../contracts/task.ts';
import type { Log } from '../lib/log.ts';
import { type JobRow, type JobRows, openStatuses, toTask } from './job-rows.ts';
import type { JobHandler } from './queue.ts';

export type StopReason = 'pause' | 'cancel' | 'shutdown';

export interface JobRun {
  readonly id: string;
  readonly kind: string;
  readonly uniqueKey: string | null;
  /** The task as it stands in this process: newer than the store by a quarter of a second at most. */
  task(): Task;
  abort(reason: StopReason): void;
  /** Resolves when the handler has let go, with the row that it left if it could be stored. Never rejects. */
  readonly ended: Promise<JobRow | undefined>;
}

export interface JobRunOptions {
  row: JobRow;
  handler: JobHandler<unknown>;
  rows: JobRows;
  log: Log;
  now: () => number;
  leaseMs: number;
  renewEveryMs: number;
  retryDelayMs: (attempt: number) => number;
  onChange: (task: Task) => void;
}

type Outcome = { result: Record<string, unknown> | undefined } | { error: unknown };

const STORE_PROGRESS_EVERY_MS = 250;

export function startJobRun({
  row,
  handler,
  rows,
  log,
  now,
  leaseMs,
  renewEveryMs,
  retryDelayMs,
  onChange,
}: JobRunOptions): JobRun {
  const { id, kind } = row;
  const controller = new AbortController();
  let task = toTask(row);
  /** Another process has the job now: nothing may be stored any more. */
  let lost = false;
  let unstored: TaskProgress | null = null;
  let storing = false;
  let running = true;

  const abort = (reason: StopReason) => controller.abort(reason);

  const lease = setInterval(() => {
    renew().catch((error: unknown) =>
      log.warn('a lease was not renewed', { kind, id, error: String(error) }),
    );
  }, renewEveryMs);
  lease.unref();

  async function renew(): Promise<void> {
    if (await rows.renew(id, now() + leaseMs)) return;
    const present = await rows.get(id);
    if (!running) return;
    // Another node was asked to pause or cancel it, or has taken it up because this one seemed dead.
    if (present?.status === 'paused') abort('pause');
    else if (present?.status === 'cancelled') abort('cancel');
    else {
      lost = true;
      log.warn('a job was taken over by another process', { kind, id });
      abort('shutdown');
    }
  }

  async function storeProgress(): Promise<void> {
    while (unstored && !lost) {
      const progress = JSON.stringify(unstored);
      unstored = null;
      await rows.settle(id, openStatuses, { progress });
      if (running) await new Promise((resolve) => setTimeout(resolve, STORE_PROGRESS_EVERY_MS).unref());
    }
  }

  function progress(value: TaskProgress): void {
    if (!running) return;
    unstored = value;
    task = { ...task, progress: value };
    onChange(task);
    if (storing) return;
    storing = true;
    storeProgress()
      .catch((error: unknown) => log.warn('progress was not stored', { kind, id, error: String(error) }))
      .finally(() => {
        storing = false;
      });
  }

  async function retitle(title: string): Promise<void> {
    if (!running || title === task.title) return;
    task = { ...task, title };
    await rows.settle(id, ['running', 'paused', 'queued'], { title });
    onChange(task);
  }

  async function saveCheckpoint(value: unknown): Promise<void> {
    const kept = await rows.settle(id, openStatuses, {
      checkpoint: JSON.stringify(value ?? null),
    });
    if (!kept)
      throw new AtelierError(
        'cancelled',
        'The job was cancelled or taken over; its checkpoint is not stored.',
      );
  }

  async function finish(outcome: Outcome): Promise<JobRow | undefined> {
    if (lost) return undefined;
    const released = {
      claimed_by: null,
      claimed_until: null,
      ...(task.progress === null ? {} : { progress: JSON.stringify(task.progress) }),
    };
    // Paused or cancelled meanwhile: the state stays as the person set it, and the claim is given back.
    return (await settle(outcome, released)) ?? rows.settle(id, [...openStatuses, 'cancelled'], released);
  }

  async function settle(outcome: Outcome, released: Partial<JobRow>): Promise<JobRow | undefined> {
    const ended = { ...released, ended_at: now() };
    if ('result' in outcome) {
      const result = outcome.result === undefined ? null : JSON.stringify(outcome.result);
      return rows.settle(id, openStatuses, { ...ended, status: 'complete', result, error: null });
    }
    if (controller.signal.aborted) {
      if (controller.signal.reason !== 'shutdown') return undefined;
      return rows.settle(id, ['running'], { ...released, status: 'queued' });
    }
    const error = JSON.stringify(toAtelierError(outcome.error).toJSON());
    const attempts = row.attempts + 1;
    const again = attempts < (handler.attempts ?? 1);
    log.warn(again ? 'a job failed and will be tried again' : 'a job failed', { kind, id, attempts });
    const change = again
      ? { ...released, status: 'queued', run_at: now() + retryDelayMs(attempts) }
      : { ...ended, status: 'failed' };
    return rows.settle(id, ['running'], { ...change, attempts, error });
  }

  async function work(): Promise<JobRow | undefined> {
    // The caller takes note of the run before its handler says anything.
    await Promise.resolve();
    let outcome: Outcome;
    try {
      const result = await handler.run({
        id,
        payload: task.payload,
        signal: controller.signal,
        checkpoint: row.checkpoint === null ? null : (JSON.parse(row.checkpoint) as unknown),
        progress,
        retitle,
        saveCheckpoint,
      });
      outcome = { result };
    } catch (error) {
      outcome = { error };
    }
    running = false;
    clearInterval(lease);
    unstored = null;
    try {
      return await finish(outcome);
    } catch (error) {
      // The claim runs out, and the job is taken up again from its checkpoint.
      log.error('the end of a job was not stored', { kind, id, error: String(error) });
      return undefined;
    }
  }

  return { id, kind, uniqueKey: row.unique_key, task: () => task, abort, ended: work() };
}
