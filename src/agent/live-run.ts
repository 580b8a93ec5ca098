// A run while it is written: its newest events in memory, and a bell for those who watch. A watcher holds no queue here;
// it reads at its own pace and, when it falls behind what memory keeps, from the store.
import { AtelierError } from '../contracts/errors.ts';
import type { LoggedEvent, RunEvent } from '../contracts/run.ts';

/** Events of a run that stay in memory once they are stored. */
const KEPT_EVENTS = 2048;

export interface LiveRun {
  readonly id: string;
  readonly userId: string;
  readonly abort: AbortController;
  /** Sequence number of the newest event. */
  readonly last: number;
  readonly ended: boolean;
  add(event: RunEvent, at: number): void;
  /** What is added from here on is seen by watchers only once it is stored. */
  hold(): void;
  /** Events that are not stored yet, oldest first; those that are held only when what they wait for is stored with them. */
  unstored(withHeld: boolean): LoggedEvent[];
  stored(upTo: number): void;
  /** The events after `after` that memory has; null when the next one is only in the store. */
  after(after: number): LoggedEvent[] | null;
  /** Resolves at the next event, at the end, or when the signal fires. */
  bell(signal: AbortSignal | undefined): Promise<void>;
  end(): void;
}

export function createLiveRun(id: string, userId: string, last: number): LiveRun {
  let tail: LoggedEvent[] = [];
  let newest = last;
  let storedUpTo = last;
  let ended = false;
  /** First event that is not to be seen yet. */
  let heldFrom: number | null = null;
  let waiting = new Set<() => void>();

  function ring(): void {
    const woken = waiting;
    waiting = new Set();
    for (const wake of woken) wake();
  }

  return {
    id,
    userId,
    abort: new AbortController(),
    get last() {
      return newest;
    },
    get ended() {
      return ended;
    },
    add(event, at) {
      if (ended) throw new AtelierError('internal', `The run ${id} is finished and takes no ${event.type}.`);
      newest += 1;
      tail.push({ seq: newest, at, event });
      ring();
    },
    hold() {
      heldFrom ??= newest + 1;
    },
    unstored: (withHeld) =>
      tail.filter(({ seq }) => seq > storedUpTo && (withHeld || heldFrom === null || seq < heldFrom)),
    stored(upTo) {
      storedUpTo = upTo;
      if (heldFrom !== null && heldFrom <= upTo) {
        heldFrom = null;
        ring();
      }
      if (tail.length <= 2 * KEPT_EVENTS) return;
      const from = tail.findIndex(({ seq }) => seq > storedUpTo);
      tail = tail.slice(Math.min(from === -1 ? tail.length : from, tail.length - KEPT_EVENTS));
    },
    after(after) {
      const first = tail[0]?.seq ?? newest + 1;
      if (after + 1 < first) return null;
      return tail.slice(after + 1 - first, heldFrom === null ? undefined : Math.max(0, heldFrom - first));
    },
    bell(signal) {
      return new Promise((resolve) => {
        const wake = () => {
          signal?.removeEventListener('abort', wake);
          waiting.delete(wake);
          resolve();
        };
        if (signal?.aborted || ended) return resolve();
        waiting.add(wake);
        signal?.addEventListener('abort', wake, { once: true });
      });
    },
    end() {
      ended = true;
      heldFrom = null;
      ring();
    },
  };
}
