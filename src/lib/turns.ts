// One at a time for each key, in the order in which they came.

export interface Turns {
  /** Resolves with what ends the turn. Rejects with the signal's reason when it comes first. */
  take(key: string, signal: AbortSignal): Promise<() => void>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    async take(key, signal) {
      const before = last.get(key) ?? Promise.resolve();
      const { promise: mine, resolve: end } = Promise.withResolvers<void>();
      // Who gives up while waiting lets those behind it wait for those before it.
      const over = before.then(() => mine);
      last.set(key, over);
      void over.then(() => {
        if (last.get(key) === over) last.delete(key);
      });
      const { promise: stopped, reject } = Promise.withResolvers<never>();
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      try {
        signal.throwIfAborted();
        await Promise.race([before, stopped]);
        return end;
      } catch (error) {
        end();
        throw error;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}
