// Long computing that lets others have their turn: called between steps, it waits for the event loop when enough time
// has gone by since it did so last.
import { setImmediate } from 'node:timers/promises';

/** @param everyMs how long nobody else may have to wait */
export function createBreather(everyMs = 10): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < everyMs) return;
    await setImmediate();
    last = performance.now();
  };
}
