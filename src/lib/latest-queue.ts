// A queue for one reader in which a newer value of a key takes the place of an older one that was not read yet.
// A slow reader thus holds at most one value a key, however much happens.

export interface LatestQueue<T> extends AsyncIterable<T> {
  put(key: string, value: T): void;
  /** Takes back what was not read yet; false when there is nothing. */
  drop(key: string): boolean;
  /** Values that wait. */
  readonly size: number;
  /** Ends the iteration after what is queued. */
  close(): void;
}

export function createLatestQueue<T>(): LatestQueue<T> {
  const waiting = new Map<string, T>();
  let closed = false;
  let wake: () => void = () => {};
  return {
    put(key, value) {
      if (closed) return;
      waiting.set(key, value);
      wake();
    },
    drop: (key) => waiting.delete(key),
    get size() {
      return waiting.size;
    },
    close() {
      closed = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        for (const [key, value] of waiting) {
          waiting.delete(key);
          yield value;
        }
        if (waiting.size > 0) continue;
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
