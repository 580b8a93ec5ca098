// Tells that a collection changed, at most twice a second each: a job changes documents faster than a page can ask.
import { createEmitter } from '../lib/emitter.ts';

export interface Changes {
  tell(userId: string, collectionId: string): void;
  on(listener: (change: { userId: string; collectionId: string | null }) => void): () => void;
  close(): void;
}

const EVERY_MS = 500;

export function createChanges(onListenerError: (error: unknown) => void): Changes {
  const emitter = createEmitter<{ userId: string; collectionId: string | null }>(onListenerError);
  /** Collections that were told a moment ago; true: they changed again since. */
  const recent = new Map<string, { again: boolean; timer: NodeJS.Timeout }>();
  let closed = false;

  function tell(userId: string, collectionId: string): void {
    if (closed) return;
    const told = recent.get(collectionId);
    if (told) {
      told.again = true;
      return;
    }
    const timer = setTimeout(() => {
      const { again } = recent.get(collectionId) ?? { again: false };
      recent.delete(collectionId);
      if (again) tell(userId, collectionId);
    }, EVERY_MS);
    timer.unref();
    recent.set(collectionId, { again: false, timer });
    emitter.emit({ userId, collectionId });
  }

  return {
    tell,
    on: emitter.on,
    close() {
      closed = true;
      for (const { timer } of recent.values()) clearTimeout(timer);
      recent.clear();
    },
  };
}
