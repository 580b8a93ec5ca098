// What happens in a run, as numbered rows that any number of readers follow. Written in batches; a run that goes back to
// a checkpoint takes back what came after it, and writes it again.
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredTrainingEvent, TrainingEvent } from '../../contracts/training.ts';
import type { Emitter } from '../../lib/emitter.ts';
import type { Store } from '../../store/store.ts';

export interface EventWriter {
  /** Of the last event. */
  readonly seq: number;
  emit(event: TrainingEvent): void;
  /** Stored when it resolves. */
  flush(): Promise<void>;
  /** Takes back every event after that number. */
  backTo(seq: number): Promise<void>;
}

const FLUSH_MS = 200;
const READ_AT_ONCE = 1000;
/** How often other nodes' events are looked for. */
const POLL_MS = 1000;

export async function openEventWriter(options: {
  store: Store;
  runId: string;
  changes: Emitter<string>;
  /** What the run's row says of its progress, as JSON: stored with the events that it comes of. */
  state: () => string;
  now: () => number;
  onError: (error: unknown) => void;
}): Promise<EventWriter> {
  const { store, runId, changes } = options;
  const rows = () => store.db.selectFrom('training_events').where('run_id', '=', runId);
  const last = await rows()
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst();
  // Below 1 stand marks of another kind (run-rows.ts), which nobody follows.
  let seq = Math.max(0, last?.seq ?? 0);
  let waiting: StoredTrainingEvent[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  async function write(): Promise<void> {
    const events = waiting;
    waiting = [];
    const state = store.db
      .updateTable('training_runs')
      .set({ state: options.state() })
      .where('id', '=', runId);
    const statements = [
      ...(events.length === 0
        ? []
        : [
            store.db.insertInto('training_events').values(
              events.map(({ seq, at, event }) => ({
                run_id: runId,
                seq,
                step: event.step,
                at,
                type: event.type,
                event: JSON.stringify(event),
              })),
            ),
          ]),
      state,
    ];
    try {
      await store.write(statements);
    } catch (error) {
      waiting = [...events, ...waiting];
      throw error;
    }
    changes.emit(runId);
  }
  function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    // What one write could not store the next one takes along.
    writing = writing.catch(() => {}).then(write);
    return writing;
  }
  return {
    get seq() {
      return seq;
    },
    emit(event) {
      waiting.push({ seq: ++seq, at: options.now(), event });
      timer ??= setTimeout(() => flush().catch(options.onError), FLUSH_MS);
    },
    flush,
    async backTo(to) {
      await flush();
      await store.write([
        store.db.deleteFrom('training_events').where('run_id', '=', runId).where('seq', '>', to),
      ]);
      seq = to;
    },
  };
}

export async function readEvents(store: Store, runId: string, after: number): Promise<StoredTrainingEvent[]> {
  const rows = await store.db
    .selectFrom('training_events')
    .select(['seq', 'at', 'event'])
    .where('run_id', '=', runId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(READ_AT_ONCE)
    .execute();
  return rows.map(({ seq, at, event }) => ({ seq, at, event: JSON.parse(event) as TrainingEvent }));
}

/** Stored events after that number, then what comes. `ended` is asked before the last look, so that nothing is missed. */
export async function* followEvents(options: {
  store: Store;
  runId: string;
  after: number;
  changes: Emitter<string>;
  ended: () => Promise<boolean>;
  signal: AbortSignal;
}): AsyncGenerator<StoredTrainingEvent> {
  const { store, runId, signal } = options;
  let { after } = options;
  let wake = () => {};
  let news = true;
  const off = options.changes.on((id) => {
    if (id !== runId) return;
    news = true;
    wake();
  });
  try {
    while (!signal.aborted) {
      news = false;
      const over = await options.ended();
      const events = await readEvents(store, runId, after);
      for (const event of events) {
        after = event.seq;
        yield event;
      }
      if (events.length === READ_AT_ONCE) continue;
      if (over) return;
      if (news) continue;
      await Promise.race([
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
        sleep(POLL_MS, undefined, { signal }).catch(() => {}),
      ]);
    }
  } finally {
    off();
  }
}
