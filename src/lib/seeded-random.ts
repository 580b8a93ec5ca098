// A small random generator with a seed, so that what is drawn can be drawn again (Mulberry32). Not for secrets.

/** Each call gives the next number of [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The same values in an order that the generator chooses (Fisher and Yates). */
export function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const result = [...values];
  for (let left = result.length - 1; left > 0; left--) {
    const other = Math.floor(random() * (left + 1));
    [result[left], result[other]] = [result[other] as T, result[left] as T];
  }
  return result;
}
