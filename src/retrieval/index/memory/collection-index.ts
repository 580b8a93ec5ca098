// One collection in memory: postings for BM25 and a block of vectors, both by the slot of a passage. A removed passage
// leaves its slot behind; when a quarter of them is free, the slots are numbered anew.
import type { PassageTerms } from '../passage-terms.ts';
import { PostingList } from './posting-list.ts';
import { VectorBlock } from './vector-block.ts';

const FREE = 0xffffffff;

export interface NewPassage {
  number: number;
  documentId: string;
  terms: PassageTerms;
  vector: Float32Array | null;
}

export class CollectionIndex {
  readonly postings = new Map<number, PostingList>();
  readonly #documents = new Map<string, number[]>();
  readonly #slotOf = new Map<number, number>();
  readonly #vectors = new Map<number, VectorBlock>();
  /** By slot: the passage's number and the lengths of its two fields. */
  numbers: Float64Array = new Float64Array(64).fill(-1);
  textLengths = new Uint16Array(64);
  contextLengths = new Uint16Array(64);
  slots = 0;
  /** Passages that are there, and the sums of their lengths. */
  passages = 0;
  textTotal = 0;
  contextTotal = 0;

  add({ number, documentId, terms, vector }: NewPassage): void {
    if (this.#slotOf.has(number)) return;
    const slot = this.slots++;
    if (slot === this.numbers.length) this.#grow();
    this.numbers[slot] = number;
    this.textLengths[slot] = terms.textLength;
    this.contextLengths[slot] = terms.contextLength;
    this.passages++;
    this.textTotal += terms.textLength;
    this.contextTotal += terms.contextLength;
    this.#slotOf.set(number, slot);
    const own = this.#documents.get(documentId);
    if (own) own.push(slot);
    else this.#documents.set(documentId, [slot]);
    for (let at = 0; at < terms.terms.length; at++) {
      const term = terms.terms[at] ?? 0;
      let list = this.postings.get(term);
      if (list === undefined) {
        list = new PostingList();
        this.postings.set(term, list);
      }
      list.add(slot, terms.inText[at] ?? 0, terms.inContext[at] ?? 0);
    }
    if (vector !== null) {
      const block = this.#vectors.get(vector.length) ?? new VectorBlock(vector.length);
      this.#vectors.set(vector.length, block);
      block.add(slot, vector);
    }
  }

  removeDocument(documentId: string): void {
    const slots = this.#documents.get(documentId) ?? [];
    this.#documents.delete(documentId);
    for (const slot of slots) this.#free(slot);
    this.#compactWhenSparse();
  }

  removePassage(number: number): void {
    const slot = this.#slotOf.get(number);
    if (slot === undefined) return;
    for (const [id, slots] of this.#documents) {
      if (!slots.includes(slot)) continue;
      const left = slots.filter((other) => other !== slot);
      if (left.length > 0) this.#documents.set(id, left);
      else this.#documents.delete(id);
    }
    this.#free(slot);
    this.#compactWhenSparse();
  }

  alive(slot: number): boolean {
    return (this.numbers[slot] ?? -1) >= 0;
  }

  slotsOf(documentIds: Iterable<string>): number[] {
    const slots: number[] = [];
    for (const id of documentIds) for (const slot of this.#documents.get(id) ?? []) slots.push(slot);
    return slots;
  }

  vectorsOf(dimensions: number): VectorBlock | undefined {
    return this.#vectors.get(dimensions);
  }

  /** Every passage: its number, its document and whether it has a vector. */
  *entries(): Generator<{ number: number; documentId: string; vector: boolean }> {
    const blocks = [...this.#vectors.values()];
    for (const [documentId, slots] of this.#documents)
      for (const slot of slots)
        yield {
          number: this.numbers[slot] ?? -1,
          documentId,
          vector: blocks.some((block) => block.has(slot)),
        };
  }

  #free(slot: number): void {
    const number = this.numbers[slot] ?? -1;
    if (number < 0) return;
    this.#slotOf.delete(number);
    this.numbers[slot] = -1;
    this.passages--;
    this.textTotal -= this.textLengths[slot] ?? 0;
    this.contextTotal -= this.contextLengths[slot] ?? 0;
    for (const block of this.#vectors.values()) block.remove(slot);
  }

  #compactWhenSparse(): void {
    if (this.slots > 64 && this.passages < this.slots * 0.75) this.#compact();
  }

  #compact(): void {
    const newNumbers = new Int32Array(this.slots).fill(-1);
    let kept = 0;
    for (let slot = 0; slot < this.slots; slot++) {
      if (!this.alive(slot)) continue;
      newNumbers[slot] = kept;
      this.numbers[kept] = this.numbers[slot] ?? -1;
      this.textLengths[kept] = this.textLengths[slot] ?? 0;
      this.contextLengths[kept] = this.contextLengths[slot] ?? 0;
      kept++;
    }
    this.numbers.fill(-1, kept, this.slots);
    this.slots = kept;
    for (const [number, slot] of this.#slotOf) this.#slotOf.set(number, newNumbers[slot] ?? FREE);
    for (const [id, slots] of this.#documents)
      this.#documents.set(
        id,
        slots.map((slot) => newNumbers[slot] ?? FREE),
      );
    for (const block of this.#vectors.values()) block.renumber(newNumbers);
    for (const [term, list] of this.postings) {
      list.renumber(newNumbers);
      if (list.size === 0) this.postings.delete(term);
    }
  }

  #grow(): void {
    const capacity = Math.ceil(this.numbers.length * 1.5);
    const numbers = new Float64Array(capacity).fill(-1);
    numbers.set(this.numbers);
    this.numbers = numbers;
    const texts = new Uint16Array(capacity);
    texts.set(this.textLengths);
    this.textLengths = texts;
    const contexts = new Uint16Array(capacity);
    contexts.set(this.contextLengths);
    this.contextLengths = contexts;
  }
}
