// From vectors and labels to a calibrated head and what is known of it: cross-validation, temperature, test split.
// It knows no text and no store; fit-worker.ts runs it in a thread of its own.
import type { ClassifierReport } from '../../contracts/classifier.ts';
import { calibrationError, fitTemperature, likeliest, logLoss, probabilitiesOf } from './calibrate.ts';
import { fitHead, type Head, type LabelledVectors, logitsOf } from './logistic.ts';
import { scoreLabels, scoresByLabel } from './score-labels.ts';
import { stratifiedFolds } from './stratified-folds.ts';

export interface TrainHeadInput {
  /** Of the training and validation splits. */
  train: Pick<LabelledVectors, 'vectors' | 'labels'>;
  /** Of the test split; null: there is none. */
  test: Pick<LabelledVectors, 'vectors' | 'labels'> | null;
  dimensions: number;
  labelNames: readonly string[];
  /** C; null: the best of `strengths` by cross-validation. */
  strength: number | null;
  folds: number;
  seed: number;
}

export interface TrainedHead extends Head {
  temperature: number;
  report: Omit<ClassifierReport, 'seconds' | 'notes'>;
}

/** From much penalty to hardly any; the least log loss on held-back examples decides. */
const strengths = [0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300];

export function trainHead(
  { train, test, dimensions, labelNames, strength, folds, seed }: TrainHeadInput,
  onProgress: (done: number, total: number) => void = () => {},
): TrainedHead {
  const labelCount = labelNames.length;
  const scale = scaleOf(train.vectors, dimensions);
  const scaled = (vectors: Float32Array) => vectors.map((x) => x * scale);
  const data: LabelledVectors = {
    vectors: scaled(train.vectors),
    labels: train.labels,
    dimensions,
    labelCount,
  };
  const foldOf = stratifiedFolds(train.labels, labelCount, folds, seed);
  const tried = strength === null ? strengths : [strength];
  const total = tried.length * (folds + 1);
  let done = 0;
  const step = () => onProgress(++done, total);

  let best: { strength: number; head: Head; logits: Float64Array; loss: number } | null = null;
  const starts: (Head | undefined)[] = [];
  let whole: Head | undefined;
  // The loss falls and then rises; the weakest penalties, which take longest, are seldom looked at.
  let worse = 0;
  for (const candidate of tried) {
    const fitted: Head = fitHead(data, candidate, whole);
    whole = fitted;
    step();
    const logits = new Float64Array(train.labels.length * labelCount);
    for (let fold = 0; fold < folds; fold++) {
      const { rest, held } = parts(data, foldOf, fold);
      // Where it starts changes how long it takes, not where it ends.
      const own: Head = fitHead(rest, candidate, starts[fold] ?? fitted);
      starts[fold] = own;
      const predicted = logitsOf(own, held.vectors, dimensions);
      for (const [index, row] of held.rows.entries())
        logits.set(predicted.subarray(index * labelCount, (index + 1) * labelCount), row * labelCount);
      step();
    }
    const loss = logLoss(logits, train.labels);
    if (best === null || loss < best.loss) {
      best = { strength: candidate, head: fitted, logits, loss };
      worse = 0;
    } else if (++worse === 2) break;
  }
  if (best === null) throw new Error('No strength was tried.');

  const temperature = fitTemperature(best.logits, train.labels);
  const before = probabilitiesOf(best.logits, labelCount, 1);
  const after = probabilitiesOf(best.logits, labelCount, temperature);
  const crossed = scoreLabels(train.labels, likeliest(after, labelCount), labelCount, seed);
  const head: Head = { weights: best.head.weights.map((w) => w * scale), offsets: best.head.offsets };
  const tested = test === null ? null : onTest(head, temperature, test, dimensions, labelCount, seed);
  const { confusion } = tested ?? crossed;
  return {
    ...head,
    temperature,
    report: {
      examples: train.labels.length,
      strength: best.strength,
      temperature,
      crossValidation: {
        accuracy: crossed.accuracy,
        macroF1: crossed.macroF1,
        logLoss: logLoss(best.logits, train.labels, temperature),
        calibrationError: calibrationError(after, train.labels),
        calibrationErrorBefore: calibrationError(before, train.labels),
      },
      test: tested?.figures ?? null,
      perLabel: scoresByLabel(confusion).map((scores, index) => ({
        label: labelNames[index] ?? '',
        ...scores,
      })),
      confusion,
    },
  };
}

/**
 * Brings the vectors' mean squared distance from their mean to 1, so that C means the same for every embedding model: the
 * unit vectors of e5 all lie close together, and C = 1 would hold a head on them far too tight.
 */
function scaleOf(vectors: Float32Array, dimensions: number): number {
  const rows = vectors.length / dimensions;
  const mean = new Float64Array(dimensions);
  for (const [index, x] of vectors.entries()) {
    const d = index % dimensions;
    mean[d] = (mean[d] ?? 0) + x / rows;
  }
  let squares = 0;
  for (const [index, x] of vectors.entries()) squares += (x - (mean[index % dimensions] ?? 0)) ** 2 / rows;
  return squares === 0 ? 1 : 1 / Math.sqrt(squares);
}

function onTest(
  head: Head,
  temperature: number,
  { vectors, labels }: Pick<LabelledVectors, 'vectors' | 'labels'>,
  dimensions: number,
  labelCount: number,
  seed: number,
) {
  const probabilities = probabilitiesOf(logitsOf(head, vectors, dimensions), labelCount, temperature);
  const { accuracy, macroF1, confusion } = scoreLabels(
    labels,
    likeliest(probabilities, labelCount),
    labelCount,
    seed,
  );
  const figures = {
    accuracy,
    macroF1,
    calibrationError: calibrationError(probabilities, labels),
    examples: labels.length,
  };
  return { figures, confusion };
}

/** What a fold's head learns from, and what it is asked. */
function parts(data: LabelledVectors, foldOf: Int32Array, fold: number) {
  const rows = [...foldOf.keys()];
  const take = (chosen: readonly number[]): LabelledVectors => {
    const vectors = new Float32Array(chosen.length * data.dimensions);
    for (const [index, row] of chosen.entries())
      vectors.set(
        data.vectors.subarray(row * data.dimensions, (row + 1) * data.dimensions),
        index * data.dimensions,
      );
    return { ...data, vectors, labels: Int32Array.from(chosen, (row) => data.labels[row] ?? 0) };
  };
  const held = rows.filter((row) => foldOf[row] === fold);
  return {
    rest: take(rows.filter((row) => foldOf[row] !== fold)),
    held: { ...take(held), rows: held },
  };
}
