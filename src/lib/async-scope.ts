// Reads an async iterable inside an AsyncLocalStorage scope: a generator's body runs in the scope of whoever asks for the
// next value, not of whoever made it.
import type { AsyncLocalStorage } from 'node:async_hooks';

export function iterateWithin<Store, T>(
  storage: AsyncLocalStorage<Store>,
  store: Store,
  make: () => AsyncIterable<T>,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const inner = storage.run(store, () => make()[Symbol.asyncIterator]());
      return {
        next: () => storage.run(store, () => inner.next()),
        return: async (value) =>
          (await storage.run(store, () => inner.return?.(value))) ?? { done: true, value: undefined },
      };
    },
  };
}
