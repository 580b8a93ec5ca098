// Which sequence a prompt gets. A finished answer's sequence keeps what it read, so that the next turn of the same
// conversation only reads what is new.

export interface Slot {
  sequence: number;
  /** What the sequence holds now. */
  tokens: number[];
  busy: boolean;
  lastUsed: number;
}

export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a[at] === b[at]) at++;
  return at;
}

/**
 * The free slot with the longest common beginning, if what would be kept is at least half of what the slot holds;
 * else the one that was used longest ago, so that a shared system prompt does not cost another conversation its memory.
 * Null when all are busy.
 */
export function chooseSlot(slots: readonly Slot[], prompt: readonly number[]): Slot | null {
  let best: Slot | null = null;
  let bestLength = 0;
  let oldest: Slot | null = null;
  for (const slot of slots) {
    if (slot.busy) continue;
    const length = commonPrefix(slot.tokens, prompt);
    if (length > bestLength && length * 2 >= slot.tokens.length) {
      best = slot;
      bestLength = length;
    }
    if (oldest === null || slot.lastUsed < oldest.lastUsed) oldest = slot;
  }
  return best ?? oldest;
}
