import { describe, expect, test } from 'vitest';
import { calibrationError, fitTemperature, logLoss, probabilitiesOf } from './calibrate.ts';
import { minimise } from './lbfgs.ts';
import { fitHead, type LabelledVectors, logitsOf } from './logistic.ts';
import { scoreLabels, scoresByLabel } from './score-labels.ts';
import { stratifiedFolds } from './stratified-folds.ts';
import { clusters } from './testing/clusters.ts';
import { trainHead } from './train-head.ts';

// scikit-learn 1.9.1, LogisticRegression(C, tol=1e-12) on `clusters(labels, 120, 6, labels)`: mean log loss plus
// |w|^2 / (2 C n), and the probabilities of the first row.
const references: [number, number, number, number[]][] = [
  [2, 0.1, 0.569395160393597, [0.880836, 0.119164]],
  [2, 1, 0.47994554759769315, [0.981995, 0.018005]],
  [2, 100, 0.4542660934541835, [0.992553, 0.007447]],
  [4, 0.1, 1.1355385196948997, [0.228061, 0.190165, 0.37555, 0.206224]],
  [4, 1, 0.9466197524596088, [0.161175, 0.188039, 0.513734, 0.137052]],
  [4, 100, 0.8876285622880907, [0.118647, 0.187199, 0.580698, 0.113456]],
];

describe('the head', () => {
  test.each(references)(
    '%i labels, C = %d: the optimum of scikit-learn',
    (labelCount, strength, loss, row) => {
      const data = clusters(labelCount, 120, 6, labelCount);
      const head = fitHead(data, strength);
      expect(Math.abs(head.loss - loss)).toBeLessThan(1e-9);
      const said = probabilitiesOf(logitsOf(head, data.vectors, 6), labelCount, 1);
      for (const [label, p] of row.entries()) expect(said[label]).toBeCloseTo(p, 5);
    },
  );

  test('the same bits twice, and the same optimum from another start', () => {
    const data = clusters(3, 90, 5, 7);
    const once = fitHead(data, 1);
    expect(fitHead(data, 1)).toEqual(once);
    const from = fitHead(data, 1, fitHead(data, 300));
    expect(from.loss).toBeCloseTo(once.loss, 10);
    for (const [index, weight] of once.weights.entries()) expect(from.weights[index]).toBeCloseTo(weight, 4);
  });

  test('a narrow valley is followed to its end', () => {
    // Rosenbrock: a bottom at (1, 1) behind a curve.
    const { point, iterations } = minimise({
      start: Float64Array.of(-1.2, 1),
      tolerance: 1e-9,
      evaluate: ([x = 0, y = 0]) => ({
        value: 100 * (y - x * x) ** 2 + (1 - x) ** 2,
        gradient: Float64Array.of(-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)),
      }),
    });
    expect(point[0]).toBeCloseTo(1, 8);
    expect(point[1]).toBeCloseTo(1, 8);
    expect(iterations).toBeLessThan(60);
  });
});

describe('calibration', () => {
  test('the temperature undoes what logits were multiplied by', () => {
    const data: LabelledVectors = clusters(3, 300, 4, 3);
    const logits = logitsOf(fitHead(data, 1e6), data.vectors, 4);
    // At the unpenalised optimum no scale of the logits is better than their own.
    expect(fitTemperature(logits, data.labels)).toBeCloseTo(1, 3);
    const sharp = logits.map((z) => z * 5);
    expect(fitTemperature(sharp, data.labels)).toBeCloseTo(5, 2);
    expect(logLoss(sharp, data.labels, 5)).toBeCloseTo(logLoss(logits, data.labels), 10);
  });

  test('the error is the distance between sure and right', () => {
    const probabilities = Float64Array.of(0.85, 0.15, 0.85, 0.15, 0.35, 0.65, 0.35, 0.65);
    // 0.85 and half right, 0.65 and all right: each bin holds half of the rows.
    expect(calibrationError(probabilities, Int32Array.of(0, 1, 1, 1))).toBeCloseTo(0.35 / 2 + 0.35 / 2);
  });
});

describe('scores and folds', () => {
  test('precision, recall and macro-F1 by hand', () => {
    const truth = Int32Array.of(0, 0, 0, 1, 1, 2);
    const said = Int32Array.of(0, 0, 1, 1, 2, 2);
    const { confusion, accuracy, macroF1 } = scoreLabels(truth, said, 3, 1);
    expect(confusion).toEqual([
      [2, 1, 0],
      [0, 1, 1],
      [0, 0, 1],
    ]);
    expect(scoresByLabel(confusion)[1]).toEqual({ examples: 2, precision: 0.5, recall: 0.5, f1: 0.5 });
    expect(accuracy.value).toBeCloseTo(4 / 6);
    expect(macroF1.value).toBeCloseTo((0.8 + 0.5 + 2 / 3) / 3);
    expect(accuracy.low).toBeLessThan(accuracy.value);
    expect(accuracy.high).toBeGreaterThan(accuracy.value);
  });

  test('every label is in every fold, the same ones for a seed', () => {
    const labels = Int32Array.from({ length: 50 }, (_, row) => (row < 40 ? 0 : 1));
    const folds = stratifiedFolds(labels, 2, 5, 3);
    for (let fold = 0; fold < 5; fold++) {
      const held = [...folds.keys()].filter((row) => folds[row] === fold);
      expect(held.filter((row) => labels[row] === 0)).toHaveLength(8);
      expect(held.filter((row) => labels[row] === 1)).toHaveLength(2);
    }
    expect(stratifiedFolds(labels, 2, 5, 3)).toEqual(folds);
    expect(stratifiedFolds(labels, 2, 5, 4)).not.toEqual(folds);
  });

  test('a head that is held too tight is called so by cross-validation, and no example judges itself', () => {
    const data = clusters(3, 240, 6, 5);
    const half = { vectors: data.vectors.slice(0, 160 * 6), labels: data.labels.slice(0, 160) };
    const rest = { vectors: data.vectors.slice(160 * 6), labels: data.labels.slice(160) };
    const given = { train: half, test: rest, dimensions: 6, labelNames: ['a', 'b', 'c'], folds: 4, seed: 1 };
    const steps: number[] = [];
    const chosen = trainHead({ ...given, strength: null }, (done) => steps.push(done));
    const tight = trainHead({ ...given, strength: 0.05 });
    expect(chosen.report.strength).toBeGreaterThan(0.05);
    expect(chosen.report.crossValidation.logLoss).toBeLessThan(tight.report.crossValidation.logLoss + 1e-12);
    expect(chosen.report.test?.examples).toBe(80);
    expect(chosen.report.examples).toBe(160);
    expect(chosen.report.perLabel.reduce((sum, { examples }) => sum + examples, 0)).toBe(80);
    expect(steps).toEqual(steps.map((_, index) => index + 1));
    // A tight head knows the order and dares not say so: its temperature sharpens it.
    expect(tight.temperature).toBeLessThan(1);
    const { calibrationError: after, calibrationErrorBefore: before } = tight.report.crossValidation;
    expect(after).toBeLessThan(before);

    // Labels that have nothing to do with the vectors cannot be foreseen.
    const noise = { ...half, labels: half.labels.map((_, row) => (row * 7) % 3) };
    const blind = trainHead({ ...given, train: noise, test: null, strength: 1000 });
    expect(blind.report.crossValidation.accuracy.value).toBeLessThan(0.5);
    expect(blind.report.test).toBeNull();
  });
});
