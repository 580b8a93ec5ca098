// The vectors of one collection as 8-bit integers in one block, scanned exactly: usearch's SIMD kernel reads 100,000 of
// 384 dimensions in 3 ms, which is less than what a graph costs to build, to keep beside the store and to mend, and it
// loses nothing under a filter. What rounding to 8 bits took away is kept in a second block, out of the scan's way, and
// the cosines of the best are taken from both: 16 bits, as exact as the stored vectors.
import usearch from 'usearch';

export interface VectorHit {
  slot: number;
  /** As the scan sees it, by 8 bits. */
  cosine: number;
}

/** Steps of the second block in one of the first. */
const FINER = 254;

/** Each vector scaled by its own largest part: a cosine knows no length. */
function quantize(vector: Float32Array, coarse: Int8Array, fine: Int8Array | null, offset: number): void {
  let largest = 0;
  for (let at = 0; at < vector.length; at++) largest = Math.max(largest, Math.abs(vector[at] ?? 0));
  const scale = largest > 0 ? 127 / largest : 0;
  for (let at = 0; at < vector.length; at++) {
    const scaled = (vector[at] ?? 0) * scale;
    const rounded = Math.round(scaled);
    coarse[offset + at] = rounded;
    if (fine) fine[offset + at] = Math.round((scaled - rounded) * FINER);
  }
}

export class VectorBlock {
  readonly dimensions: number;
  size = 0;
  #coarse: Int8Array<ArrayBuffer>;
  #fine: Int8Array<ArrayBuffer>;
  /** Slot of the passage in each row. */
  #owners: Uint32Array;
  /** Row of each slot. */
  readonly #rows = new Map<number, number>();

  constructor(dimensions: number) {
    this.dimensions = dimensions;
    this.#coarse = new Int8Array(64 * dimensions);
    this.#fine = new Int8Array(64 * dimensions);
    this.#owners = new Uint32Array(64);
  }

  add(slot: number, vector: Float32Array): void {
    if (this.size === this.#owners.length) {
      const capacity = Math.ceil(this.size * 1.5);
      this.#coarse = grown(this.#coarse, capacity * this.dimensions);
      this.#fine = grown(this.#fine, capacity * this.dimensions);
      const owners = new Uint32Array(capacity);
      owners.set(this.#owners);
      this.#owners = owners;
    }
    quantize(vector, this.#coarse, this.#fine, this.size * this.dimensions);
    this.#owners[this.size] = slot;
    this.#rows.set(slot, this.size);
    this.size++;
  }

  /** The last vector takes the freed row. */
  remove(slot: number): void {
    const row = this.#rows.get(slot);
    if (row === undefined) return;
    this.#rows.delete(slot);
    this.size--;
    if (row === this.size) return;
    const { dimensions } = this;
    for (const block of [this.#coarse, this.#fine])
      block.copyWithin(row * dimensions, this.size * dimensions, (this.size + 1) * dimensions);
    const moved = this.#owners[this.size] ?? 0;
    this.#owners[row] = moved;
    this.#rows.set(moved, row);
  }

  renumber(newNumbers: Int32Array): void {
    this.#rows.clear();
    for (let row = 0; row < this.size; row++) {
      const slot = newNumbers[this.#owners[row] ?? 0] ?? 0;
      this.#owners[row] = slot;
      this.#rows.set(slot, row);
    }
  }

  has(slot: number): boolean {
    return this.#rows.has(slot);
  }

  /** Of the passage in this slot with a vector of the block's size; null: it has none. */
  cosine(slot: number, vector: Float32Array): number | null {
    const row = this.#rows.get(slot);
    if (row === undefined) return null;
    const start = row * this.dimensions;
    let [dot, own, asked] = [0, 0, 0];
    for (let at = 0; at < this.dimensions; at++) {
      const x = (this.#coarse[start + at] ?? 0) + (this.#fine[start + at] ?? 0) / FINER;
      const y = vector[at] ?? 0;
      dot += x * y;
      own += x * x;
      asked += y * y;
    }
    return own > 0 && asked > 0 ? dot / Math.sqrt(own * asked) : 0;
  }

  /** Best first. @param among only these slots */
  search(vector: Float32Array, limit: number, among: Iterable<number> | null): VectorHit[] {
    const { dimensions } = this;
    if (vector.length !== dimensions || this.size === 0) return [];
    const asked = new Int8Array(dimensions);
    quantize(vector, asked, null, 0);
    let bytes = this.#coarse;
    let size = this.size;
    let owners = this.#owners;
    if (among !== null) {
      const rows: number[] = [];
      for (const slot of among) {
        const row = this.#rows.get(slot);
        if (row !== undefined) rows.push(row);
      }
      size = rows.length;
      if (size === 0) return [];
      bytes = new Int8Array(size * dimensions);
      owners = new Uint32Array(size);
      for (const [at, row] of rows.entries()) {
        bytes.set(this.#coarse.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions);
        owners[at] = this.#owners[row] ?? 0;
      }
    }
    const found = usearch.exactSearch(
      bytes.subarray(0, size * dimensions),
      asked,
      dimensions,
      Math.min(limit, size),
      usearch.MetricKind.Cos,
      1,
    );
    const keys = found.keys;
    return Array.from(keys, (key, at) => ({
      slot: owners[Number(key)] ?? 0,
      cosine: 1 - (found.distances[at] ?? 1),
    }));
  }
}

function grown(block: Int8Array<ArrayBuffer>, capacity: number): Int8Array<ArrayBuffer> {
  const larger = new Int8Array(capacity);
  larger.set(block);
  return larger;
}
