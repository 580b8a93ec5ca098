// Several async iterables as one, in the order in which they deliver. The first failure ends all.

export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const [only] = sources;
  if (only !== undefined && sources.length === 1) {
    yield* only;
    return;
  }
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const read = async (place: number) => ({
    place,
    next: await (iterators[place] as AsyncIterator<T>).next(),
  });
  const pending = new Map(iterators.map((_, place) => [place, read(place)]));
  try {
    while (pending.size > 0) {
      const { place, next } = await Promise.race(pending.values());
      if (next.done) pending.delete(place);
      else {
        pending.set(place, read(place));
        yield next.value;
      }
    }
  } finally {
    for (const read of pending.values()) read.catch(() => {});
    // Not awaited: a source that is in the middle of a wait returns only when that ends.
    for (const iterator of iterators) iterator.return?.(undefined)?.then(undefined, () => {});
  }
}
