// Packing and the order of rows: nothing is lost, little is padding, and a step's rows depend on seed and step alone.
import { expect, test } from 'vitest';
import { batchShape, createRowOrder, layBatch, rowsOfStep, stepsOf } from './batches.ts';
import { packRows, type Unit, unitLength } from './pack.ts';

const unit = (length: number, id = String(length)): Unit => ({
  exampleId: id,
  sequences: [
    {
      ids: Int32Array.from({ length }, (_, place) => 10 * length + place),
      learned: Uint8Array.from({ length }, (_, place) => Number(place > length / 2)),
    },
  ],
});
const many = Array.from({ length: 300 }, (_, index) => unit(5 + ((index * 7919) % 60), `e${index}`));

test('every unit is in one row, none is cut, and rows are full', () => {
  const rows = packRows(many, 64, 1);
  expect(
    rows
      .flat()
      .map(({ exampleId }) => exampleId)
      .sort(),
  ).toEqual(many.map(({ exampleId }) => exampleId).sort());
  const used = rows.map((row) => row.reduce((sum, one) => sum + unitLength(one), 0));
  expect(Math.max(...used)).toBeLessThanOrEqual(64);
  expect(used.reduce((a, b) => a + b) / (rows.length * 64)).toBeGreaterThan(0.98);
  expect(packRows(many, 64, 1)).toEqual(rows);
  expect(packRows(many, 64, 2)).not.toEqual(rows);
});

test('an epoch reads each row once, in an order of its own, whichever step is asked for first', () => {
  const rows = packRows(many, 64, 1).slice(0, 12);
  const shape = batchShape({ rows: rows.length, length: 64, batchTokens: 256 });
  expect(rowsOfStep(shape)).toBe(4);
  expect(stepsOf(rows.length, shape, 2)).toBe(6);
  const forwards = createRowOrder(rows, shape, 3);
  const steps = [1, 2, 3, 4, 5, 6].map((step) => forwards(step).flat());
  expect(new Set(steps.slice(0, 3).flat()).size).toBe(12);
  expect(new Set(steps.slice(3).flat()).size).toBe(12);
  expect(steps.slice(3).flat()).not.toEqual(steps.slice(0, 3).flat());
  expect(createRowOrder(rows, shape, 3)(5).flat()).toEqual(steps[4]);
  expect(createRowOrder(rows, shape, 4)(1).flat()).not.toEqual(steps[0]);
});

test('many tokens of a step are read in turns', () => {
  expect(batchShape({ rows: 100, length: 256, batchTokens: 4096 })).toEqual({
    rows: 4,
    length: 256,
    accumulated: 4,
  });
  expect(batchShape({ rows: 100, length: 2048, batchTokens: 4096 })).toEqual({
    rows: 1,
    length: 2048,
    accumulated: 2,
  });
  expect(batchShape({ rows: 2, length: 64, batchTokens: 1024 })).toEqual({
    rows: 2,
    length: 64,
    accumulated: 1,
  });
});

test('a row’s sequences do not see each other, and each begins at place 0', () => {
  const shape = { rows: 2, length: 8, accumulated: 1 };
  const { batch, laid } = layBatch([[unit(3), unit(4)], [unit(2)]], shape);
  expect([...batch.ids]).toEqual([30, 31, 32, 40, 41, 42, 43, 0, 20, 21, 0, 0, 0, 0, 0, 0]);
  expect([...batch.labels].slice(0, 7)).toEqual([31, 32, 0, 41, 42, 43, 0]);
  expect([...batch.positions]).toEqual([0, 1, 2, 0, 1, 2, 3, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  expect([...batch.segments]).toEqual([1, 1, 1, 2, 2, 2, 2, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
  expect(laid.map(({ start, tokens }) => [start, tokens])).toEqual([
    [0, 3],
    [3, 4],
    [8, 2],
  ]);
});
