// The optimiser against values worked out with PyTorch's formulas, and what clipping and schedules promise.
import { describe, expect, test } from 'vitest';
import { adamW, adamWState } from './adamw.ts';
import { clipScale, globalNorm } from './clip.ts';
import { learningRateAt, type ScheduleOptions } from './schedule.ts';

describe('AdamW', () => {
  const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };

  test('follows torch.optim.AdamW over three steps', () => {
    const theta = Float32Array.of(1, -2, 0.5);
    const state = adamWState(3);
    const steps = [
      Float32Array.of(0.1, -0.2, 0.3),
      Float32Array.of(0.3, 0.1, -0.1),
      Float32Array.of(-0.2, 0, 0.5),
    ];
    for (const [i, g] of steps.entries()) adamW(theta, g, state, i + 1, options);
    const expected = [0.7797261, -1.847011, 0.28819]; // torch 2.15: AdamW([1, -2, 0.5], lr=0.1, weight_decay=0.01)
    for (const [i, value] of expected.entries()) expect(theta[i]).toBeCloseTo(value, 6);
  });

  test('is scaled before, not after, its means', () => {
    const [a, b] = [Float32Array.of(1), Float32Array.of(1)];
    adamW(a, Float32Array.of(4), adamWState(1), 1, options, 0.25);
    adamW(b, Float32Array.of(1), adamWState(1), 1, options);
    expect(a).toEqual(b);
  });

  test('only decays where nothing flows', () => {
    const theta = Float32Array.of(2);
    adamW(theta, Float32Array.of(0), adamWState(1), 1, options);
    expect(theta[0]).toBeCloseTo(2 * (1 - 0.1 * 0.01), 6);
  });

  test('refuses arrays of other lengths and a step before the first', () => {
    expect(() => adamW(new Float32Array(2), new Float32Array(3), adamWState(3), 1, options)).toThrow(
      '2, 3, 3 and 3',
    );
    expect(() => adamW(new Float32Array(2), new Float32Array(2), adamWState(2), 0, options)).toThrow(
      'not from 0',
    );
  });
});

test('clipping brings the norm to its limit and leaves what is below', () => {
  const g = Float32Array.of(3, 4);
  expect(globalNorm(g)).toBe(5);
  expect(clipScale(5, 1)).toBeCloseTo(0.2);
  expect(clipScale(0.5, 1)).toBe(1);
  expect(clipScale(5, null)).toBe(1);
});

describe('a schedule', () => {
  const options: ScheduleOptions = { schedule: 'cosine', learningRate: 1, steps: 12, warmupSteps: 2 };
  const rates = (schedule: ScheduleOptions['schedule']) =>
    Array.from({ length: 13 }, (_, step) => learningRateAt(step, { ...options, schedule }));

  test('warms up in a straight line', () => {
    for (const schedule of ['constant', 'linear', 'cosine'] as const)
      expect(rates(schedule).slice(0, 3)).toEqual([0, 0.5, 1]);
  });

  test('goes down as its name says', () => {
    expect(rates('constant')[12]).toBe(1);
    expect(rates('linear')[7]).toBeCloseTo(0.5);
    expect(rates('cosine')[7]).toBeCloseTo(0.5);
    expect(rates('cosine')[3]).toBeGreaterThan(rates('linear')[3]!);
    expect(rates('cosine')[12]).toBeCloseTo(0);
    expect(rates('linear')[12]).toBe(0);
  });

  test('without a warm-up begins at its rate', () => {
    expect(learningRateAt(0, { ...options, warmupSteps: 0 })).toBe(1);
  });
});
