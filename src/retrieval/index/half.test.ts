// Half-precision floats against the standard's own values, and vectors there and back.
import { expect, test } from 'vitest';
import { fromHalf, packVector, toHalf, unpackVector } from './half.ts';

test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65520, 0x7c00],
  [1e9, 0x7c00],
  [Number.NEGATIVE_INFINITY, 0xfc00],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [2 ** -26, 0x0000],
  [1 / 3, 0x3555],
  // Halfway between two: the even one.
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
])('%d is %i', (value, half) => {
  expect(toHalf(value)).toBe(half);
});

test('every half that is a number comes back as itself', () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = fromHalf(half);
    if (!Number.isNaN(value)) expect(toHalf(value)).toBe(half);
  }
  expect(fromHalf(toHalf(Number.NaN))).toBeNaN();
});

test('a unit vector keeps its direction', () => {
  const vector = Float32Array.from({ length: 384 }, (_, at) => Math.sin(at * at));
  const length = Math.hypot(...vector);
  const unit = vector.map((x) => x / length);
  const back = unpackVector(packVector(unit));
  expect(back.reduce((sum, x, at) => sum + x * unit[at]!, 0)).toBeCloseTo(1, 4);
});
