// What the charts of a training are drawn from.
import { describe, expect, test } from 'vitest';
import type { StoredTrainingEvent, TrainingEvent, TrainingPoint } from '../../../../../contracts/training.ts';
import {
  joinEvents,
  lossRows,
  niceTicks,
  roughly,
  sampleTable,
  secondsToGo,
  seriesOf,
  sparkline,
  thin,
} from './series.ts';

const point = (step: number, part: Partial<TrainingPoint> = {}): TrainingPoint => ({
  step,
  epoch: step / 10,
  loss: 4 - step / 100,
  learningRate: 2e-4,
  gradientNorm: 1,
  tokensPerSecond: 800,
  accuracy: null,
  seconds: step * 2,
  ...part,
});
const stored = (events: TrainingEvent[]): StoredTrainingEvent[] =>
  events.map((event, i) => ({ seq: i + 1, at: i, event }));

describe('what happened', () => {
  test('of a step that was done again after a kill the later figures stand', () => {
    const series = seriesOf(
      stored([
        { type: 'point', ...point(1) },
        { type: 'point', ...point(2, { loss: 9 }) },
        { type: 'evaluation', step: 2, validationLoss: 9, tokens: 10, accuracy: null },
        { type: 'point', ...point(2, { loss: 3 }) },
        { type: 'evaluation', step: 2, validationLoss: 3.5, tokens: 10, accuracy: null },
        { type: 'status', step: 2, status: 'exporting' },
      ]),
    );
    expect(series.points.map(({ step, loss }) => [step, loss])).toEqual([
      [1, 3.99],
      [2, 3],
    ]);
    expect(series.evaluations).toHaveLength(1);
    expect(series.evaluations[0]?.validationLoss).toBe(3.5);
    expect(series.status).toBe('exporting');
  });

  test('events that come twice are one', () => {
    const all = stored([
      { type: 'point', ...point(1) },
      { type: 'point', ...point(2) },
      { type: 'point', ...point(3) },
    ]);
    expect(joinEvents(all.slice(0, 2), all.slice(1)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(joinEvents(all.slice(0, 2), all.slice(2)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});

describe('the chart', () => {
  test('draws no more points than asked, each the mean of its stretch, the last step kept', () => {
    const points = Array.from({ length: 1001 }, (_, i) => point(i + 1));
    const rows = thin(points, 100);
    expect(rows.length).toBeLessThanOrEqual(100);
    expect(rows.at(-1)?.step).toBe(1001);
    expect(rows[0]?.loss).toBeCloseTo(4 - 6 / 100, 10);
  });

  test('has a validation on its step even where no point is drawn', () => {
    const rows = lossRows(
      {
        points: Array.from({ length: 10 }, (_, i) => point(i + 1)),
        evaluations: [{ type: 'evaluation', step: 5, validationLoss: 3.1, tokens: 5, accuracy: null }],
      },
      5,
    );
    expect(rows.find(({ step }) => step === 5)).toEqual({ step: 5, loss: null, validation: 3.1 });
    expect(rows.map(({ step }) => step)).toEqual([2, 4, 5, 6, 8, 10]);
  });

  test('is ticked at round numbers that hold all of it', () => {
    expect(niceTicks(0, 212, 8)).toEqual([0, 50, 100, 150, 200, 250]);
    expect(niceTicks(1.3, 4.2, 4)).toEqual([1, 2, 3, 4, 5]);
    expect(niceTicks(0, 2e-4, 2)).toEqual([0, 1e-4, 2e-4]);
    expect(niceTicks(3, 3, 4)).toEqual([3]);
  });

  test('a small line has its least value at the bottom', () => {
    expect(sparkline([4, 2, 3], 100, 20)).toBe('0.0,0.0 50.0,20.0 100.0,10.0');
    expect(sparkline([4], 100, 20)).toBe('');
  });
});

describe('samples', () => {
  test('stand in columns by checkpoint, the first and the last among them', () => {
    const samples = [0, 10, 20, 30, 40, 50].flatMap((step) => [
      { type: 'sample' as const, step, prompt: 'a', answer: `a${step}` },
      ...(step === 0 ? [] : [{ type: 'sample' as const, step, prompt: 'b', answer: `b${step}` }]),
    ]);
    const { steps, rows } = sampleTable(samples, null, 3);
    expect(steps).toEqual([0, 30, 50]);
    expect(sampleTable(samples, 40, 3).steps).toEqual([0, 30, 40, 50]);
    expect(sampleTable(samples, 50, 3).steps).toEqual([0, 30, 50]);
    expect(rows).toEqual([
      { prompt: 'a', answers: ['a0', 'a30', 'a50'] },
      { prompt: 'b', answers: [null, 'b30', 'b50'] },
    ]);
  });
});

describe('the time that is left', () => {
  test('follows from the pace of the last steps', () => {
    expect(secondsToGo([point(1), point(2), point(3)], 3, 103)).toBe(200);
  });
  test('is not told before there is a pace', () => {
    expect(secondsToGo([point(1)], 1, 100)).toBeNull();
    expect(secondsToGo([], 0, 100)).toBeNull();
  });
  test('is told as a person would', () => {
    expect([3.4, 47, 754, 7621].map(roughly)).toEqual([3, 45, 780, 7500]);
  });
});
