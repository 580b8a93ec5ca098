// A value that is loaded once and kept for a short while; `forget` after a change makes the next reader load it anew.

export interface Memo<T> {
  get(): Promise<T>;
  forget(): void;
}

/** A failed load is not kept. */
export function createMemo<T>(load: () => Promise<T>, keepMs: number, now: () => number = Date.now): Memo<T> {
  let kept: { value: Promise<T>; until: number } | null = null;
  return {
    get() {
      if (kept && now() < kept.until) return kept.value;
      const fresh = { value: load(), until: now() + keepMs };
      kept = fresh;
      fresh.value.catch(() => {
        if (kept === fresh) kept = null;
      });
      return fresh.value;
    },
    forget() {
      kept = null;
    },
  };
}
