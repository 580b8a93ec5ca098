// Hands the documents of one collection to the lanes of a job. A lane that finds nothing waits while another still works:
// documents may be added meanwhile, and the last one is not alone with them then.
import type { DocumentRow } from '../documents.ts';
import type { WorkRows } from './work-rows.ts';

export interface WorkQueue {
  /** The next document, or null when nothing waits and nothing is under way. */
  take(signal: AbortSignal): Promise<DocumentRow | null>;
  /** What was taken is finished. */
  done(): void;
  /** Documents were added. */
  wake(): void;
  /** Whether something waits that could be taken. */
  any(): Promise<boolean>;
  /** How many are not finished, those under way included. */
  left(): Promise<number>;
}

export interface WorkQueueOptions {
  rows: WorkRows;
  collectionId: string;
  /** Documents that were read without vectors get theirs too. */
  withVectors: boolean;
}

export function createWorkQueue({ rows, collectionId, withVectors }: WorkQueueOptions): WorkQueue {
  let busy = 0;
  /** Path of the last document that got its vectors afterwards: each is tried once. */
  let after = '';
  /** How many of those are left; counted once, for there may be many documents to look through. */
  let bareLeft: Promise<number> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let sleepers: (() => void)[] = [];

  const wake = () => {
    for (const go of sleepers.splice(0)) go();
  };

  async function look(): Promise<DocumentRow | null> {
    const waiting = await rows.claim(collectionId);
    if (waiting !== undefined) return waiting;
    const bare = withVectors ? await rows.nextWithoutVectors(collectionId, after) : undefined;
    if (bare === undefined) return null;
    after = bare.path;
    bareLeft = bareLeft?.then((left) => Math.max(0, left - 1));
    return bare;
  }

  /** One lane looks at a time; the count of the busy ones changes with the look. */
  function next(): Promise<DocumentRow | null> {
    const found = turn.then(async () => {
      const row = await look();
      if (row !== null) busy++;
      return row;
    });
    turn = found.catch(() => null);
    return found;
  }

  return {
    async take(signal) {
      for (;;) {
        const woken = new Promise<void>((resolve) => {
          sleepers = [...sleepers, resolve];
        });
        const row = await next();
        if (row !== null) return row;
        if (busy === 0) {
          wake();
          return null;
        }
        signal.addEventListener('abort', wake, { once: true });
        if (!signal.aborted) await woken;
        signal.removeEventListener('abort', wake);
        signal.throwIfAborted();
      }
    },
    done() {
      busy--;
      wake();
    },
    wake,
    async any() {
      if (await rows.anyQueued(collectionId)) return true;
      return withVectors && (await rows.nextWithoutVectors(collectionId, after)) !== undefined;
    },
    async left() {
      bareLeft ??= withVectors ? rows.withoutVectors(collectionId) : Promise.resolve(0);
      return (await rows.waiting(collectionId)) + (await bareLeft);
    },
  };
}
