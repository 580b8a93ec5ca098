// When something was last used: noted now and then, and never waited for by whoever uses it.
import type { Log } from '../lib/log.ts';

export interface LastSeen {
  note(id: string): void;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

const MOST = 10_000;

export function createLastSeen({
  everyMs,
  now,
  log,
  write,
}: {
  everyMs: number;
  now: () => number;
  log: Log;
  write: (id: string, at: number) => Promise<unknown>;
}): LastSeen {
  const notedAt = new Map<string, number>();
  const writing = new Set<Promise<unknown>>();
  return {
    note(id) {
      const at = now();
      if (at - (notedAt.get(id) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
      if (notedAt.size >= MOST) notedAt.clear();
      notedAt.set(id, at);
      const written = write(id, at)
        .catch((error: unknown) => log.warn('the last use was not noted', { id, error: String(error) }))
        .finally(() => writing.delete(written));
      writing.add(written);
    },
    async close() {
      await Promise.all(writing);
    },
  };
}
