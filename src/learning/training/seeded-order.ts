// Orders that numbers decide: the same numbers in, the same order out, on every machine.
import { seededRandom, shuffled } from '../../lib/seeded-random.ts';

/** Mixes numbers into one seed of 32 bits (the finaliser of MurmurHash3 after each). */
export function mixSeed(...parts: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const part of parts) {
    h = Math.imul(h ^ (part >>> 0), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}

/** The numbers from 0 to count - 1 in the order of these seeds. */
export const seededOrder = (count: number, ...seeds: readonly number[]): number[] =>
  shuffled(
    Array.from({ length: count }, (_, index) => index),
    seededRandom(mixSeed(...seeds)),
  );
