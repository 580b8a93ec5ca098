// The passages that hold one term, in the order in which they came, in arrays that grow.

export class PostingList {
  size = 0;
  slots = new Uint32Array(4);
  inText = new Uint8Array(4);
  inContext = new Uint8Array(4);

  add(slot: number, inText: number, inContext: number): void {
    if (this.size === this.slots.length) this.#resize(Math.ceil(this.size * 1.5));
    this.slots[this.size] = slot;
    this.inText[this.size] = inText;
    this.inContext[this.size] = inContext;
    this.size++;
  }

  /** Gives each slot its new number; what is gone has none. */
  renumber(newNumbers: Int32Array): void {
    let kept = 0;
    for (let at = 0; at < this.size; at++) {
      const slot = newNumbers[this.slots[at] ?? 0] ?? -1;
      if (slot < 0) continue;
      this.slots[kept] = slot;
      this.inText[kept] = this.inText[at] ?? 0;
      this.inContext[kept] = this.inContext[at] ?? 0;
      kept++;
    }
    this.size = kept;
  }

  #resize(capacity: number): void {
    const grown = <T extends Uint32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.slots = grown(this.slots, new Uint32Array(capacity));
    this.inText = grown(this.inText, new Uint8Array(capacity));
    this.inContext = grown(this.inContext, new Uint8Array(capacity));
  }
}
