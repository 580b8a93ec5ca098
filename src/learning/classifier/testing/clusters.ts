// Labelled vectors for tests: a cloud round a centre for each label, wide enough to overlap.
import { seededRandom } from '../../../lib/seeded-random.ts';
import type { LabelledVectors } from '../logistic.ts';

export function clusters(
  labelCount: number,
  rows: number,
  dimensions: number,
  seed: number,
): LabelledVectors {
  const random = seededRandom(seed);
  const centres = Array.from({ length: labelCount * dimensions }, () => random() - 0.5);
  const labels = new Int32Array(rows);
  const vectors = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const label = Math.floor(random() * labelCount);
    labels[row] = label;
    for (let d = 0; d < dimensions; d++)
      vectors[row * dimensions + d] = 0.8 + (centres[label * dimensions + d] ?? 0) + 2 * (random() - 0.5);
  }
  return { vectors, labels, dimensions, labelCount };
}
