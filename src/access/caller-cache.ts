// Who shows what, kept by the secret's hash: a caller who comes again is known without the store.
import type { AccessState } from './access-state.ts';

export interface CallerCache<T> {
  /** At once when it is kept, else from `load`; null is not kept. */
  get(hash: string, load: () => Promise<T | null>): T | null | Promise<T | null>;
}

const MOST = 10_000;

export function createCallerCache<T>(state: AccessState): CallerCache<T> {
  const kept = new Map<string, T>();
  let keptFor = state.generation();

  async function read(hash: string, load: () => Promise<T | null>): Promise<T | null> {
    const began = state.generation();
    const value = await load();
    if (value === null || began !== state.generation()) return value;
    const [oldest] = kept.keys();
    if (kept.size >= MOST && oldest !== undefined) kept.delete(oldest);
    kept.set(hash, value);
    return value;
  }

  return {
    get(hash, load) {
      if (keptFor !== state.generation()) {
        kept.clear();
        keptFor = state.generation();
      }
      return kept.get(hash) ?? read(hash, load);
    },
  };
}
