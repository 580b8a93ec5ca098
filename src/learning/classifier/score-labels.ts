// How good labels are that a head said: confusion, accuracy, macro-F1 and their bootstrap intervals.
import type { Interval } from '../../contracts/evaluation.ts';
import { seededRandom } from '../../lib/seeded-random.ts';

/** Row: what it is; column: what was said. */
export type Confusion = number[][];

const RESAMPLES = 1000;

export function confusionOf(truth: Int32Array, said: Int32Array, labelCount: number): Confusion {
  const confusion = Array.from({ length: labelCount }, () => Array.from({ length: labelCount }, () => 0));
  for (const [index, label] of truth.entries()) {
    const row = confusion[label];
    const column = said[index] ?? 0;
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1;
  }
  return confusion;
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** One row a label. What never was and never was said has 0, as in scikit-learn. */
export function scoresByLabel(confusion: Confusion): {
  examples: number;
  precision: number;
  recall: number;
  f1: number;
}[] {
  return confusion.map((row, label) => {
    const right = row[label] ?? 0;
    const examples = row.reduce((sum, count) => sum + count, 0);
    const said = confusion.reduce((sum, other) => sum + (other[label] ?? 0), 0);
    return {
      examples,
      precision: share(right, said),
      recall: share(right, examples),
      f1: share(2 * right, examples + said),
    };
  });
}

function accuracyOf(confusion: Confusion): number {
  const right = confusion.reduce((sum, row, label) => sum + (row[label] ?? 0), 0);
  return share(
    right,
    confusion.flat().reduce((sum, count) => sum + count, 0),
  );
}

function macroF1Of(confusion: Confusion): number {
  // A label that a resample has not got, and that nobody said, is no failure of the head.
  const present = scoresByLabel(confusion).filter(
    ({ examples }, label) => examples > 0 || confusion.some((row) => (row[label] ?? 0) > 0),
  );
  return share(
    present.reduce((sum, { f1 }) => sum + f1, 0),
    present.length,
  );
}

/** Each with its 95 % percentile-bootstrap interval over the examples (1,000 resamples). */
export function scoreLabels(
  truth: Int32Array,
  said: Int32Array,
  labelCount: number,
  seed: number,
): { accuracy: Interval; macroF1: Interval; confusion: Confusion } {
  const confusion = confusionOf(truth, said, labelCount);
  const random = seededRandom(seed);
  const accuracies = new Float64Array(RESAMPLES);
  const macros = new Float64Array(RESAMPLES);
  for (let round = 0; round < RESAMPLES; round++) {
    const draws = Int32Array.from(truth, () => Math.floor(random() * truth.length));
    const drawn = confusionOf(
      draws.map((index) => truth[index] ?? 0),
      draws.map((index) => said[index] ?? 0),
      labelCount,
    );
    accuracies[round] = accuracyOf(drawn);
    macros[round] = macroF1Of(drawn);
  }
  return {
    accuracy: interval(accuracyOf(confusion), accuracies),
    macroF1: interval(macroF1Of(confusion), macros),
    confusion,
  };
}

function interval(value: number, resampled: Float64Array): Interval {
  const sorted = resampled.toSorted();
  const at = (part: number) => sorted[Math.min(RESAMPLES - 1, Math.floor(part * RESAMPLES))] ?? value;
  return { value, low: at(0.025), high: at(0.975) };
}
