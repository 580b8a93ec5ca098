// Sees, now and then, to what another program on the same PostgreSQL was writing when it ended. Where only one program
// opens the store there are no others.
import { toAtelierError } from '../contracts/errors.ts';
import type { Log } from '../lib/log.ts';
import { isLeft } from './ownership.ts';
import type { Store } from './store.ts';

export interface WatchOthersOptions {
  store: Store;
  log: Log;
  /** Takes up, or marks, what nobody writes any more. */
  takeUp(): Promise<void>;
  everyMs?: number;
  /** After which it is looked again: a program whose connection was lost has another one by then. */
  graceMs?: number;
}

export interface WatchOthers {
  /** Waits for the look under way. */
  stop(): Promise<void>;
}

export function watchOthers(options: WatchOthersOptions): WatchOthers {
  const { store, log, takeUp, everyMs = 30_000, graceMs = 5_000 } = options;
  if (store.node === null) return { stop: async () => {} };
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();
  let stopped = false;
  let failing = false;

  async function isSomethingLeft(): Promise<boolean> {
    const open = (table: 'runs' | 'traces') =>
      store.db
        .selectFrom(table)
        .select('owner')
        .where('status', '=', 'running')
        .where(isLeft(store, 'owner'))
        .limit(1)
        .executeTakeFirst();
    return (await open('runs')) !== undefined || (await open('traces')) !== undefined;
  }

  async function look(seenBefore: boolean): Promise<void> {
    let again = false;
    try {
      const left = await isSomethingLeft();
      if (left && seenBefore && !stopped) await takeUp();
      again = left && !seenBefore;
      failing = false;
    } catch (thrown) {
      const { code, message } = toAtelierError(thrown);
      if (!failing) log.error('what other programs left could not be taken up', { code, message });
      failing = true;
    }
    arm(again ? graceMs : everyMs, again);
  }

  function arm(delay: number, seenBefore: boolean): void {
    if (stopped) return;
    timer = setTimeout(() => {
      underWay = look(seenBefore);
    }, delay);
    timer.unref();
  }

  arm(everyMs, false);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
