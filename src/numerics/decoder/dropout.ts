// Dropout whose mask is a function of (seed, place, projection), so that the same seed is the same mask, and what
// checkpointing computes again is what it was. Cheap on purpose: a hash of rows and columns outside the graph, one
// product of the two a step, and one multiplication and comparison a projection.
import { add, choose, less, multiply, reshape, slice } from '../graph/functions.ts';
import type { Tensor } from '../graph/tensor.ts';

export interface DropoutNoise {
  /** (tokens, columns) int32, even over all 32-bit numbers */
  bits: Tensor;
  rate: number;
}

/**
 * @param rows (2, tokens, 1) int32 of `hashNoise`
 * @param columns (2, 1, columns) int32
 */
export function dropoutNoise(rows: Tensor, columns: Tensor, rate: number): DropoutNoise {
  const [, n = 0] = rows.shape;
  const [, , c = 0] = columns.shape;
  const mixed = (side: number) =>
    add(reshape(slice(rows, 0, side, side + 1), [n, 1]), reshape(slice(columns, 0, side, side + 1), [1, c]));
  // A sum of row and column alone would repeat itself along diagonals of the mask; the product of two does not.
  return { bits: multiply(mixed(0), mixed(1)), rate };
}

/** 0 at the share `rate` of x; whoever uses it divides by 1 - rate. @param x (tokens, columns) */
export function dropout(x: Tensor, { bits, rate }: DropoutNoise, projection: string): Tensor {
  const { graph } = x;
  const columns = x.shape[1] ?? 0;
  return choose(
    graph.noGradient(() => {
      const key = graph.constant(Int32Array.of(mix(textHash(projection)) | 1));
      const threshold = Math.round((rate - 0.5) * 2 ** 32);
      return less(multiply(slice(bits, 1, 0, columns), key), graph.constant(Int32Array.of(threshold)));
    }),
    graph.scalar(0),
    x,
  );
}

/** Fills `target` with what `seed` and each index make (the finaliser of MurmurHash3). */
export function hashNoise(target: Int32Array, seed: number, stream: number): void {
  const base = mix(seed ^ Math.imul(stream + 1, 0x9e3779b1));
  for (let i = 0; i < target.length; i++) target[i] = mix(base + Math.imul(i, 0x85ebca6b));
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}
