// The passages that hold one term, in the order in which they came. Two numbers a passage in one array, since most words
// are rare and an object more would cost more than what it holds: the slot, and how often the word is in its text (low
// byte) and in its context (next byte).

export class PostingList {
  size = 0;
  entries = new Uint32Array(4);

  add(slot: number, inText: number, inContext: number): void {
    const at = this.size * 2;
    if (at === this.entries.length) {
      const grown = new Uint32Array(Math.ceil(this.size * 1.5) * 2);
      grown.set(this.entries);
      this.entries = grown;
    }
    this.entries[at] = slot;
    this.entries[at + 1] = inText | (inContext << 8);
    this.size++;
  }

  /** Gives each slot its new number; what is gone has none. */
  renumber(newNumbers: Int32Array): void {
    let kept = 0;
    for (let at = 0; at < this.size; at++) {
      const slot = newNumbers[this.entries[at * 2] ?? 0] ?? -1;
      if (slot < 0) continue;
      this.entries[kept * 2] = slot;
      this.entries[kept * 2 + 1] = this.entries[at * 2 + 1] ?? 0;
      kept++;
    }
    this.size = kept;
  }
}
