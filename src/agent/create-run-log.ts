// The run log over the store. Events reach watchers at once and the store within 200 ms; the end of a run is stored
// before anybody hears of it, together with what its caller writes.
import { type Compilable, type SqlBool, sql } from 'kysely';
import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import type { LoggedEvent, Run, RunEvent } from '../contracts/run.ts';
import type { Log } from '../lib/log.ts';
import { isElsewhere, isLeft, isRefused, onlyForOwner, onlyRunOf, ownerOf } from '../store/ownership.ts';
import type { Store } from '../store/store.ts';
import { createLiveRun, type LiveRun } from './live-run.ts';
import type { RunLog, RunStart, RunWriter } from './run-log.ts';
import { insertEvents, type RunRow, runOf, selectEvents, toRun } from './run-rows.ts';

export interface RunLogOptions {
  store: Store;
  log: Log;
  now?: () => number;
  /** Longest wait of an event before its batch begins. */
  flushMs?: number;
}

const PAGE = 500;

export function createRunLog(options: RunLogOptions): RunLog {
  const { store, log, now = Date.now, flushMs = 150 } = options;
  const live = new Map<string, LiveRun>();
  /** Runs of this process that another program has taken over, which are ending. */
  const lost = new Set<LiveRun>();
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();
  let closing = false;
  /** Nothing is stored any more. */
  let closed = false;
  let failing = false;

  /**
   * A batch a run, which the store commits together, so that a run that cannot be stored holds up no other. Flushes follow
   * each other, so that events of a run are stored in their order.
   */
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    underWay = underWay.then(async () => {
      const own = [...live.values()].filter((run) => !lost.has(run));
      const outcomes = await Promise.allSettled(own.map((run) => storeEvents(run, null)));
      const failed = outcomes.find((outcome, at) => {
        const run = own[at];
        return outcome.status === 'rejected' && run !== undefined && !lost.has(run);
      });
      if (failed?.status === 'rejected') {
        const { code, message } = toAtelierError(failed.reason);
        if (!failing)
          log.error('events of runs could not be stored; they are kept and tried again', { code, message });
        arm(1000);
      }
      failing = failed !== undefined;
    });
    return underWay;
  }

  /** `statements` null: a flush that comes by itself, and must not part an event from what is to be stored with it. */
  async function storeEvents(run: LiveRun, statements: readonly Compilable[] | null): Promise<void> {
    const events = run.unstored(statements !== null);
    const last = events.at(-1);
    if (last === undefined && (statements ?? []).length === 0) return;
    await writeAsOwner(run, [...insertEvents(store, run.id, events), ...(statements ?? [])]);
    if (last !== undefined) run.stored(last.seq);
  }

  /** @throws AtelierError conflict when another program has taken the run over, which ends it here */
  async function writeAsOwner(run: LiveRun, statements: readonly Compilable[]): Promise<void> {
    try {
      await store.write([...onlyForOwner(store, run.id), ...statements]);
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (!lost.has(run)) log.warn('a run was taken over by another program and ends here', { run: run.id });
      lost.add(run);
      run.abort.abort('shutdown');
      throw new AtelierError(
        'conflict',
        `The run ${run.id} was taken over by another program of this store, which no longer saw this one. It goes on, or is marked as interrupted, there.`,
        { data: { id: run.id }, cause: error },
      );
    }
  }

  function forget(run: LiveRun): void {
    run.end();
    live.delete(run.id);
    lost.delete(run);
  }

  function arm(delay = flushMs): void {
    if (!closed) timer ??= setTimeout(() => void flush(), delay);
  }

  function writerOf(run: LiveRun): RunWriter {
    return {
      id: run.id,
      signal: run.abort.signal,
      append(event) {
        run.add(event, now());
        arm();
      },
      hold: run.hold,
      flush(statements = []) {
        const stored = underWay.then(() => storeEvents(run, statements));
        underWay = stored.catch(() => {});
        return stored;
      },
      leave() {
        const left = underWay
          .then(() => storeEvents(run, null))
          .then(() => letGo(run))
          .finally(() => forget(run));
        underWay = left.catch(() => {});
        return left;
      },
      finish(event, statements) {
        const finished = underWay.then(() => storeEnd(run, event, statements));
        underWay = finished.catch(() => {});
        return finished;
      },
    };
  }

  async function storeEnd(
    run: LiveRun,
    event: Extract<RunEvent, { type: 'run-finish' }>,
    statements: readonly Compilable[],
  ): Promise<void> {
    const at = now();
    const end: LoggedEvent = { seq: run.last + 1, at, event };
    try {
      await writeAsOwner(run, [
        ...insertEvents(store, run.id, [...run.unstored(true), end]),
        store.db.updateTable('runs').set({ status: event.status, ended_at: at }).where('id', '=', run.id),
        ...statements,
      ]);
      run.add(event, at);
      run.stored(end.seq);
    } catch (thrown) {
      // Watchers must not wait for ever. The stored run stays open, and the next start marks it as interrupted.
      const error = toAtelierError(thrown);
      run.add({ type: 'run-finish', status: 'failed', receipt: null, error: error.toJSON() }, at);
      throw error;
    } finally {
      forget(run);
    }
  }

  /** Others that share the store need not wait for the end of this program. */
  async function letGo(run: LiveRun): Promise<void> {
    if (store.node === null) return;
    await writeAsOwner(run, [store.db.updateTable('runs').set({ owner: null }).where('id', '=', run.id)]);
  }

  function take(run: LiveRun): RunWriter {
    refuseWhileClosing();
    live.set(run.id, run);
    return writerOf(run);
  }

  function refuseWhileClosing(): void {
    if (closing) {
      throw new AtelierError('interrupted', 'The program is stopping and begins no new answer.', {
        retryable: true,
      });
    }
  }

  async function start(run: RunStart, statements: readonly Compilable[]): Promise<RunWriter> {
    const writer = take(createLiveRun(run.id, run.userId, 0));
    try {
      await store.write([
        ...onlyRunOf(store, run.conversationId),
        store.db.insertInto('runs').values({
          id: run.id,
          kind: run.kind,
          user_id: run.userId,
          conversation_id: run.conversationId,
          message_id: run.messageId,
          status: 'running',
          agent: run.agent ?? null,
          work_order: run.workOrder === undefined ? null : JSON.stringify(run.workOrder),
          created_at: now(),
          ended_at: null,
          owner: ownerOf(store),
        }),
        ...statements,
      ]);
    } catch (error) {
      live.get(run.id)?.end();
      live.delete(run.id);
      if (!isRefused(error)) throw error;
      throw new AtelierError(
        'conflict',
        'An answer of this conversation is being written by another program on the same PostgreSQL. Wait for it, or stop it there.',
        { data: { conversationId: run.conversationId }, retryable: true, cause: error },
      );
    }
    return writer;
  }

  /** Makes a run this program's, where others could do the same: one of them does. */
  async function seize({ id, owner }: RunRow): Promise<boolean> {
    if (store.node === null) return true;
    const seen = sql<SqlBool>`owner is not distinct from ${owner}`;
    const [result] = await store.write([
      store.db
        .updateTable('runs')
        .set({ owner: store.node.id })
        .where('id', '=', id)
        .where('status', '=', 'running')
        .where(seen)
        .where((eb) => eb.or([eb('owner', '=', ownerOf(store)), isLeft(store, 'owner')])),
    ]);
    return result?.affected === 1;
  }

  const get = (id: string, userId: string): Promise<Run> => runOf(store, id, userId);

  async function* watch(
    id: string,
    userId: string,
    after: number,
    signal?: AbortSignal,
  ): AsyncGenerator<LoggedEvent> {
    const run = live.get(id);
    if (run?.userId !== userId) await get(id, userId);
    let seen = Math.max(0, Math.trunc(after));
    while (signal?.aborted !== true) {
      // While the run is in memory, memory says what comes next; the store has what memory let go.
      const events = run?.after(seen) ?? (await selectEvents(store, id, seen, PAGE));
      for (const event of events) {
        if (signal?.aborted) return;
        yield event;
        seen = event.seq;
      }
      if (events.length > 0) continue;
      if (run === undefined || run.ended) return;
      await run.bell(signal);
    }
  }

  return {
    start,
    get,
    watch,
    async adopt(id) {
      refuseWhileClosing();
      const refuse = (): never => {
        throw new AtelierError('conflict', `The run ${id} is no run that an earlier process left open.`, {
          data: { id },
        });
      };
      const row = await store.db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined || row.status !== 'running' || live.has(id) || !(await seize(row)))
        return refuse();
      // From here on nobody else adds to it.
      const [last] = await store.db
        .selectFrom('run_events')
        .select('seq')
        .where('run_id', '=', id)
        .orderBy('seq', 'desc')
        .limit(1)
        .execute();
      if (live.has(id)) return refuse();
      return take(createLiveRun(id, row.user_id, last?.seq ?? 0));
    },
    async workOrder(id) {
      const row = await store.db
        .selectFrom('runs')
        .select('work_order')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.work_order ? (JSON.parse(row.work_order) as unknown) : null;
    },
    async events(id) {
      const found: LoggedEvent[] = [];
      for (;;) {
        const page = await selectEvents(store, id, found.at(-1)?.seq ?? 0, PAGE);
        found.push(...page);
        if (page.length < PAGE) return found;
      }
    },
    async cancel(id, userId) {
      await get(id, userId);
      live.get(id)?.abort.abort('stop');
    },
    async orphans() {
      const rows = await store.db
        .selectFrom('runs')
        .selectAll()
        .where('status', '=', 'running')
        .where((eb) => eb.not(isElsewhere(store, 'owner')))
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.filter((row) => !live.has(row.id)).map(toRun);
    },
    removal(conversationId) {
      const { db } = store;
      const ids = db.selectFrom('runs').select('id').where('conversation_id', '=', conversationId);
      return [
        db.deleteFrom('run_events').where('run_id', 'in', ids),
        db.deleteFrom('runs').where('conversation_id', '=', conversationId),
      ];
    },
    async purge(before) {
      let removed = 0;
      for (;;) {
        const rows = await store.db
          .selectFrom('runs')
          .select('id')
          .where('status', '<>', 'running')
          .where('ended_at', '<', before)
          .where((eb) =>
            eb.exists(
              eb
                .selectFrom('run_events')
                .select('seq')
                .whereRef('run_id', '=', 'runs.id')
                .where('seq', '=', 1),
            ),
          )
          .limit(100)
          .execute();
        if (rows.length === 0) return removed;
        const ids = rows.map((row) => row.id);
        await store.write([store.db.deleteFrom('run_events').where('run_id', 'in', ids)]);
        removed += rows.length;
      }
    },
    async close(timeoutMs) {
      closing = true;
      const deadline = performance.now() + timeoutMs;
      for (const run of live.values()) run.abort.abort('shutdown');
      while (live.size > 0 && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      closed = true;
      await flush();
    },
  };
}
