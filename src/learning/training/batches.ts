// Rows as the batches of a step. Which rows a step reads is a function of the seed and the step alone, so that a run that
// goes on after a crash needs to know nothing but its step.
import type { TokenBatch } from '../../numerics/decoder/decoder.ts';
import { type Row, type Unit, unitLength } from './pack.ts';
import { seededOrder } from './seeded-order.ts';

/** Of a step: `accumulated` batches of `rows` rows of `length` tokens. */
export interface BatchShape {
  rows: number;
  length: number;
  accumulated: number;
}

/** Where a sequence lies within its batch: places start to start + tokens - 1. */
export interface Laid {
  unit: Unit;
  /** Which of the unit's sequences. */
  index: number;
  start: number;
  tokens: number;
}

export interface LaidBatch {
  batch: TokenBatch;
  laid: readonly Laid[];
}

/** Tokens that go through the graph at once: more of them need memory, and are not quicker on a CPU. */
const TOKENS_AT_ONCE = 1024;

export function batchShape(options: { rows: number; length: number; batchTokens: number }): BatchShape {
  const { length } = options;
  // Few rows make a small step: it would read them more than once.
  const wanted = Math.max(1, Math.min(Math.floor(options.batchTokens / length), options.rows));
  const most = Math.max(1, Math.floor(TOKENS_AT_ONCE / length));
  const accumulated = Math.ceil(wanted / most);
  return { rows: Math.ceil(wanted / accumulated), length, accumulated };
}

export const rowsOfStep = ({ rows, accumulated }: BatchShape) => rows * accumulated;

/** Steps of so many epochs. */
export const stepsOf = (rows: number, shape: BatchShape, epochs: number): number =>
  Math.max(1, Math.ceil((rows * epochs) / rowsOfStep(shape)));

/** The rows of a step (from 1), batch by batch. Each epoch has an order of its own. */
export function createRowOrder(rows: readonly Row[], shape: BatchShape, seed: number) {
  let known = { epoch: -1, order: [] as number[] };
  const at = (place: number): Row => {
    const epoch = Math.floor(place / rows.length);
    if (known.epoch !== epoch) known = { epoch, order: seededOrder(rows.length, seed, epoch) };
    return rows[known.order[place % rows.length] ?? 0] ?? [];
  };
  return (step: number): Row[][] => {
    const first = (step - 1) * rowsOfStep(shape);
    return Array.from({ length: shape.accumulated }, (_, part) =>
      Array.from({ length: shape.rows }, (_, row) => at(first + part * shape.rows + row)),
    );
  };
}

/** Rows in their order, so many at once; the last batch may have empty rows. */
export function* inOrder(rows: readonly Row[], shape: BatchShape): Generator<Row[]> {
  for (let first = 0; first < rows.length; first += shape.rows) yield rows.slice(first, first + shape.rows);
}

/** Rows as arrays. The weights are left at 0: they are the method's. */
export function layBatch(rows: readonly Row[], shape: BatchShape, soft?: number): LaidBatch {
  const size = shape.rows * shape.length;
  const batch: TokenBatch = {
    ids: new Int32Array(size),
    labels: new Int32Array(size),
    weights: new Float32Array(size),
    positions: new Int32Array(size),
    // Padding is segment 0 of its row, and attends to itself.
    segments: new Int32Array(size),
    ...(soft !== undefined && {
      soft: { ids: new Int32Array(size * soft), probabilities: new Float32Array(size * soft) },
    }),
  };
  const laid: Laid[] = [];
  for (const [row, units] of rows.entries()) {
    let start = row * shape.length;
    const end = start + shape.length;
    let segment = 1;
    for (const unit of units) {
      if (start + unitLength(unit) > end) throw new Error(`A row of ${shape.length} tokens overflows.`);
      for (const [index, { ids }] of unit.sequences.entries()) {
        batch.ids.set(ids, start);
        batch.labels.set(ids.subarray(1), start);
        for (let place = 0; place < ids.length; place++) batch.positions[start + place] = place;
        batch.segments.fill(segment++, start, start + ids.length);
        const teacher = unit.soft?.[index];
        if (soft !== undefined && teacher !== undefined) {
          batch.soft?.ids.set(teacher.ids, start * soft);
          batch.soft?.probabilities.set(teacher.probabilities, start * soft);
        }
        laid.push({ unit, index, start, tokens: ids.length });
        start += ids.length;
      }
    }
  }
  return { batch, laid };
}

/** Calls with every place whose next token is learned. */
export function forLearned({ unit, index, start, tokens }: Laid, each: (place: number) => void): void {
  const learned = unit.sequences[index]?.learned;
  if (learned === undefined) return;
  for (let place = 0; place + 1 < tokens; place++) if (learned[place + 1] === 1) each(start + place);
}
