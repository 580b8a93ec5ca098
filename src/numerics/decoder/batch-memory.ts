// The shared memory of a batch, and what is looked at before numbers go there: the runtime reads where an index points.
import { NumericsError } from '../session/errors.ts';
import { sharedFloats, sharedIntegers } from '../session/shared-array.ts';
import type { TokenBatch } from './decoder.ts';

export interface BatchMemory {
  ids: Int32Array;
  labels: Int32Array;
  weights: Float32Array;
  positions: Int32Array;
  segments: Int32Array;
  softIds: Int32Array;
  softProbabilities: Float32Array;
  /** Rows that are learned before the others, both in their order. */
  learnedOrder: Int32Array;
  learnedPlace: Int32Array;
  learnedCount: Int32Array;
}

/** @param soft labels a token, 0 without soft targets */
export function batchMemory(tokens: number, soft: number): BatchMemory {
  return {
    ids: sharedIntegers(tokens),
    labels: sharedIntegers(tokens),
    weights: sharedFloats(tokens),
    positions: sharedIntegers(tokens),
    segments: sharedIntegers(tokens),
    softIds: sharedIntegers(tokens * soft),
    softProbabilities: sharedFloats(tokens * soft),
    learnedOrder: sharedIntegers(tokens),
    learnedPlace: sharedIntegers(tokens),
    learnedCount: sharedIntegers(1),
  };
}

/** @throws NumericsError invalid, before anything is changed */
export function fillBatch(
  memory: BatchMemory,
  batch: TokenBatch,
  { vocabulary, length, withSoft }: { vocabulary: number; length: number; withSoft: boolean },
): void {
  const given = {
    ids: batch.ids,
    labels: batch.labels,
    weights: batch.weights,
    positions: batch.positions,
    segments: batch.segments,
    ...(withSoft ? { softIds: batch.soft?.ids, softProbabilities: batch.soft?.probabilities } : {}),
  };
  for (const [name, values] of Object.entries(given)) {
    const size = memory[name as keyof BatchMemory].length;
    if (values?.length !== size)
      throw new NumericsError(
        'invalid',
        `${name} of a batch has ${values?.length ?? 'no'} numbers; this session of ${memory.ids.length / length} rows of ${length} tokens takes ${size}.`,
      );
  }
  within('ids', batch.ids, vocabulary);
  within('positions', batch.positions, length);
  // A label that is not learned may be anything, as -100 is to others.
  within('labels', batch.labels, vocabulary, (i) => batch.weights[i] === 0);
  if (withSoft && batch.soft) within('softIds', batch.soft.ids, vocabulary);

  for (const [name, values] of Object.entries(given))
    if (values) memory[name as keyof BatchMemory].set(values);
  for (const [i, label] of memory.labels.entries())
    if (label < 0 || label >= vocabulary) memory.labels[i] = 0;
  orderRows(memory);
}

function orderRows({ weights, learnedOrder, learnedPlace, learnedCount }: BatchMemory): void {
  let next = 0;
  for (const isLearned of [true, false]) {
    for (const [row, weight] of weights.entries())
      if ((weight !== 0) === isLearned) {
        learnedOrder[next] = row;
        learnedPlace[row] = next++;
      }
    if (isLearned) learnedCount[0] = next;
  }
}

function within(
  name: string,
  values: Int32Array,
  limit: number,
  exempt: (index: number) => boolean = () => false,
): void {
  const index = values.findIndex((value, i) => (value < 0 || value >= limit) && !exempt(i));
  if (index !== -1)
    throw new NumericsError(
      'invalid',
      `${name} of a batch has ${values[index]} at ${index}; they are 0 to ${limit - 1}.`,
      {
        data: { name, index, value: values[index], limit },
      },
    );
}
