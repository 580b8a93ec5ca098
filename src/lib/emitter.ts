// A typed publish-subscribe for one process; a listener that throws does not stop the others.

export interface Emitter<T> {
  emit(event: T): void;
  /** Returns the function that takes the listener off again. */
  on(listener: (event: T) => void): () => void;
}

export function createEmitter<T>(onListenerError: (error: unknown) => void): Emitter<T> {
  const listeners = new Set<(event: T) => void>();
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
