// The durable queue on the store: claims what is due, runs it, and keeps what a person, a crash or a stop does to it.
// The store is the truth; this process adds only the progress of what it runs itself.
import { AtelierError } from '../contracts/errors.ts';
import type { Task } from '../contracts/task.ts';
import { createEmitter } from '../lib/emitter.ts';
import { newId } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';
import { createJobRows, isOpen, type JobRow, openStatuses, toTask } from './job-rows.ts';
import { type JobRun, type StopReason, startJobRun } from './job-run.ts';
import { isDead, newOwner } from './owner.ts';
import { createPump } from './pump.ts';
import type { EnqueueOptions, JobHandler, Jobs } from './queue.ts';
import { createSchedules } from './schedules.ts';
import { waitForTask } from './wait-for-task.ts';

export interface CreateJobsOptions {
  store: Store;
  log: Log;
  now?: () => number;
  owner?: string;
  /** A claim holds this long and is renewed three times meanwhile. */
  leaseMs?: number;
  /** How often other nodes' work is looked for, on PostgreSQL. */
  pollMs?: number;
  retryDelayMs?: (attempt: number) => number;
  /** How long pause, cancel and stop wait for a handler to let go. */
  patienceMs?: number;
}

const LONGEST_SLEEP_MS = 60_000;
/** How soon a node notices that another one was asked to pause or cancel what it runs. */
const NOTICE_MS = 2_000;

export function createJobs({
  store,
  log,
  now = Date.now,
  owner = newOwner(),
  leaseMs = 30_000,
  pollMs = 1_000,
  retryDelayMs = (attempt) => Math.min(60_000, 1_000 * 2 ** (attempt - 1)),
  patienceMs = 5_000,
}: CreateJobsOptions): Jobs {
  const shared = store.kind === 'postgres';
  const rows = createJobRows(store.db, owner, now);
  const schedules = createSchedules(store.db, now);
  const handlers = new Map<string, JobHandler<unknown>>();
  const active = new Map<string, JobRun>();
  const changes = createEmitter<Task>((error) =>
    log.error('a listener of the jobs failed', { error: String(error) }),
  );
  const renewEveryMs = shared ? Math.min(NOTICE_MS, leaseMs / 3) : leaseMs / 3;
  const halt = new AbortController();
  let state: 'idle' | 'working' | 'stopped' = 'idle';
  const pump = createPump({
    pass,
    now,
    // Nobody else writes to an embedded store.
    longestSleepMs: shared ? pollMs : LONGEST_SLEEP_MS,
    onError: (error) => log.error('the queue could not be read', { error: String(error) }),
  });

  /** The row, with what this process knows better. */
  const present = (row: JobRow): Task => {
    const own = active.get(row.id)?.task().progress;
    return own ? { ...toTask(row), progress: own } : toTask(row);
  };
  const read = async (id: string): Promise<Task> => {
    const row = await rows.get(id);
    if (!row) throw new AtelierError('not_found', `There is no task ${id}.`, { data: { id } });
    return present(row);
  };
  const tell = (row: JobRow): Task => {
    const task = present(row);
    changes.emit(task);
    return task;
  };
  const registered = (kind: string): JobHandler<unknown> => {
    const handler = handlers.get(kind);
    if (handler) return handler;
    throw new AtelierError('internal', `No handler is registered for jobs of the kind ${kind}.`, {
      data: { kind },
    });
  };

  /** Begins what is due; returns when something will be due next. */
  async function pass(): Promise<number | null> {
    if (shared) await rows.takeBack({ holders: 'expired' });
    for (const due of await schedules.takeDue([...handlers.keys()]))
      await enqueue(due.kind, due.payload, { title: due.name, uniqueKey: `schedule:${due.name}` });
    const free: string[] = [];
    for (const [kind, handler] of handlers) {
      const limit = handler.concurrency ?? 1;
      while (state === 'working' && running(kind) < limit) {
        const row = await rows.claim({
          kind,
          notIds: [...active.keys()],
          notKeys: [...active.values()].map(({ uniqueKey }) => uniqueKey).filter((key) => key !== null),
          until: now() + leaseMs,
        });
        if (!row) break;
        begin(row, handler);
      }
      if (running(kind) < limit) free.push(kind);
    }
    const times = [await rows.nextDue(free), await schedules.nextDue([...handlers.keys()])].filter(
      (at) => at !== null,
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  const running = (kind: string) => [...active.values()].filter((run) => run.kind === kind).length;

  function begin(row: JobRow, handler: JobHandler<unknown>): void {
    const run = startJobRun({
      row,
      handler,
      rows,
      log,
      now,
      leaseMs,
      renewEveryMs,
      retryDelayMs,
      onChange: changes.emit,
    });
    active.set(row.id, run);
    changes.emit(run.task());
    void run.ended.then((left) => {
      active.delete(row.id);
      if (left) tell(left);
      pump.nudge();
    });
  }

  /** Asks a run of this process to end and waits for it, though not for ever. True when it has told its end. */
  async function letGo(run: JobRun, reason: StopReason): Promise<boolean> {
    run.abort(reason);
    let patience: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      patience = setTimeout(() => resolve('late'), patienceMs);
    });
    const isLate = (await Promise.race([run.ended, late])) === 'late';
    if (isLate) log.warn('a job does not let go', { kind: run.kind, id: run.id, reason });
    clearTimeout(patience);
    return !isLate;
  }

  async function enqueue(
    kind: string,
    payload: Record<string, unknown>,
    { title, uniqueKey, runAt }: EnqueueOptions,
  ): Promise<Task> {
    const handler = registered(kind);
    const id = newId('task', now());
    const job = {
      id,
      kind,
      title,
      payload: JSON.stringify(payload),
      can_pause: handler.canPause ? 1 : 0,
      run_at: runAt ?? now(),
      unique_key: uniqueKey ?? null,
    };
    let row = await rows.insert(job);
    while (!row) {
      const open = uniqueKey === undefined ? undefined : await rows.openWithKey(uniqueKey);
      if (open) return present(open);
      // It ended between both looks: there is room for this one now.
      row = await rows.insert(job);
    }
    const task = tell(row);
    pump.nudge();
    return task;
  }

  /** Stores what a person asked before the run learns of it, so that a crash in between forgets nothing. */
  async function stopOne(
    id: string,
    reason: 'pause' | 'cancel',
    from: readonly Task['status'][],
    change: Partial<JobRow>,
  ): Promise<Task> {
    const row = await rows.change(id, from, change);
    if (!row)
      return refuse(id, reason === 'pause' ? 'paused' : 'cancelled', ({ status }) => `it is ${status}`);
    const run = active.get(id);
    if (run && (await letGo(run, reason))) return read(id);
    return tell(row);
  }

  /** Says why a task cannot do what was asked. */
  async function refuse(id: string, verb: string, why: (task: Task) => string): Promise<never> {
    const task = await read(id);
    throw new AtelierError('conflict', `The task ${id} cannot be ${verb}: ${why(task)}.`, {
      data: { id, status: task.status },
    });
  }

  return {
    register(handler) {
      if (state !== 'idle')
        throw new Error(`The kind ${handler.kind} must be registered before the jobs start.`);
      if (handlers.has(handler.kind)) throw new Error(`The kind ${handler.kind} is registered already.`);
      handlers.set(handler.kind, handler as JobHandler<unknown>);
    },
    async start() {
      if (state !== 'idle') throw new Error('The jobs were started already.');
      // Only one process at a time holds an embedded store, so that every claim in it is a dead one.
      const dead = !shared ? 'all' : (await rows.holders()).filter((holder) => isDead(holder, owner));
      await rows.takeBack({ holders: dead });
      state = 'working';
      pump.start();
    },
    enqueue,
    async schedule(name, kind, payload, everyMs) {
      registered(kind);
      await schedules.put({ name, kind, payload, everyMs });
      pump.nudge();
    },
    async list({ open = false, limit = 100 } = {}) {
      return (await rows.list({ open, limit })).map(present);
    },
    get: read,
    async pause(id) {
      const row = await rows.get(id);
      if (row && row.can_pause !== 1)
        return refuse(id, 'paused', () => 'its kind of work has no pause; cancel it instead');
      return stopOne(id, 'pause', ['queued', 'running'], { status: 'paused' });
    },
    async resume(id) {
      const key = (await rows.get(id))?.unique_key;
      const open = key ? await rows.openWithKey(key) : undefined;
      if (open && open.id !== id)
        throw new AtelierError(
          'conflict',
          `The task ${id} cannot be resumed: the same is under way as ${open.id} (${open.title}). Wait for it, or cancel it.`,
          { data: { id, open: open.id } },
        );
      const change = { status: 'queued', run_at: now(), attempts: 0, error: null, ended_at: null };
      const row = await rows.change(id, ['paused', 'failed'], change);
      if (!row) return refuse(id, 'resumed', ({ status }) => `it is ${status}`);
      const task = tell(row);
      pump.nudge();
      return task;
    },
    cancel: (id) => stopOne(id, 'cancel', openStatuses, { status: 'cancelled', ended_at: now() }),
    onChange: changes.on,
    wait: (id, signal) =>
      waitForTask({
        async read() {
          const task = await read(id);
          return { task, ended: !isOpen(task) && !active.has(id) };
        },
        onChange: (listener) => changes.on((task) => task.id === id && listener()),
        pollMs: shared ? pollMs : null,
        signal: signal ? AbortSignal.any([signal, halt.signal]) : halt.signal,
      }),
    async stop() {
      if (state === 'stopped') return;
      state = 'stopped';
      await pump.stop();
      await Promise.all([...active.values()].map((run) => letGo(run, 'shutdown')));
      halt.abort(new AtelierError('interrupted', 'Atelier stops; the task goes on at the next start.'));
    },
  };
}
