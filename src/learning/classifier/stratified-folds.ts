// Folds in which every label has its share: the examples of a label are shuffled and dealt out one by one.
import { seededRandom, shuffled } from '../../lib/seeded-random.ts';

/** (rows): the fold in which an example is held back. The same seed gives the same folds. */
export function stratifiedFolds(
  labels: Int32Array,
  labelCount: number,
  folds: number,
  seed: number,
): Int32Array {
  const random = seededRandom(seed);
  const result = new Int32Array(labels.length);
  let dealt = 0;
  for (let label = 0; label < labelCount; label++) {
    const own = [...labels.keys()].filter((row) => labels[row] === label);
    // The next label goes on where this one ended, so that the folds are of a size.
    for (const row of shuffled(own, random)) result[row] = dealt++ % folds;
  }
  return result;
}
