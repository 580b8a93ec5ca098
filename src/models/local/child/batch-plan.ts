// What goes into the next batch: one token of every answer that is being written, and prompts in turns for the rest.

/**
 * Most tokens of one batch. Reading is as fast in batches of 64 as of 512 (measured, docs/decisions), and a batch is
 * the time for which a cancel, a new answer's first token and everyone else's next token have to wait.
 */
export const BATCH_TOKENS = 64;

/**
 * How many tokens each reader may read in this batch: equal shares of what the writers leave, and what one reader does
 * not need goes to the others. `first` is the reader whose turn it is to get the odd token.
 */
export function sharePrompts(
  remaining: readonly number[],
  writers: number,
  first: number,
  size = BATCH_TOKENS,
): number[] {
  const shares = remaining.map(() => 0);
  let left = Math.max(0, size - writers);
  while (left > 0) {
    const hungry = remaining
      .map((_, i) => (i + first) % remaining.length)
      .filter((i) => (remaining[i] ?? 0) > (shares[i] ?? 0));
    if (hungry.length === 0) break;
    const each = Math.max(1, Math.floor(left / hungry.length));
    for (const i of hungry) {
      const take = Math.min(each, (remaining[i] ?? 0) - (shares[i] ?? 0), left);
      shares[i] = (shares[i] ?? 0) + take;
      left -= take;
    }
  }
  return shares;
}
