// Multinomial logistic regression with an L2 penalty, by the convention of scikit-learn: the sum of the log losses times C,
// plus half the squared weights; offsets are free. Two labels share one row of weights, as there.
import { minimise } from './lbfgs.ts';

export interface Head {
  /** (labels, dimensions), row after row. */
  weights: Float64Array;
  /** (labels) */
  offsets: Float64Array;
}

export interface LabelledVectors {
  /** (rows, dimensions), row after row. */
  vectors: Float32Array;
  /** (rows): index of the label. */
  labels: Int32Array;
  dimensions: number;
  labelCount: number;
}

export interface FittedHead extends Head {
  /** Of the mean log loss with its penalty: (1/n) sum + |w|^2 / (2 C n). */
  loss: number;
  iterations: number;
}

/** Of the gradient of the mean: a hundred times finer than scikit-learn's own default asks on the same scale. */
const TOLERANCE = 1e-7;

/** (rows, labels), row after row. */
export function logitsOf(head: Head, vectors: Float32Array, dimensions: number): Float64Array {
  const labelCount = head.offsets.length;
  const rows = vectors.length / dimensions;
  const logits = new Float64Array(rows * labelCount);
  for (let row = 0; row < rows; row++)
    for (let label = 0; label < labelCount; label++) {
      let sum = head.offsets[label] ?? 0;
      for (let d = 0, v = row * dimensions, w = label * dimensions; d < dimensions; d++, v++, w++)
        sum += (vectors[v] ?? 0) * (head.weights[w] ?? 0);
      logits[row * labelCount + label] = sum;
    }
  return logits;
}

/** Turns a row of logits into probabilities in place. @returns log of the sum of their exponentials */
export function softmaxRow(values: Float64Array, from: number, count: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = from; i < from + count; i++) most = Math.max(most, values[i] ?? 0);
  let sum = 0;
  for (let i = from; i < from + count; i++) {
    const e = Math.exp((values[i] ?? 0) - most);
    values[i] = e;
    sum += e;
  }
  for (let i = from; i < from + count; i++) values[i] = (values[i] ?? 0) / sum;
  return most + Math.log(sum);
}

/** The same optimum from any `start`, which only makes the way to it shorter. */
export function fitHead(
  { vectors, labels, dimensions: D, labelCount: K }: LabelledVectors,
  strength: number,
  start?: Head,
): FittedHead {
  const N = labels.length;
  // Of two labels the first one's logit is 0.
  const skipped = K === 2 ? 1 : 0;
  const free = K - skipped;
  // The vectors of one model point much the same way. With their mean taken off, the way down is a tenth as long; the
  // offsets, which have no penalty, make up for it.
  const mean = new Float64Array(D);
  for (let n = 0; n < N; n++)
    for (let d = 0; d < D; d++) mean[d] = (mean[d] ?? 0) + (vectors[n * D + d] ?? 0) / N;
  const x = new Float64Array(N * D);
  for (let n = 0; n < N; n++)
    for (let d = 0; d < D; d++) x[n * D + d] = (vectors[n * D + d] ?? 0) - (mean[d] ?? 0);
  const penalty = 1 / (strength * N);
  const logits = new Float64Array(N * K);

  const evaluate = (point: Float64Array) => {
    const gradient = new Float64Array(point.length);
    let value = 0;
    for (let n = 0; n < N; n++) {
      const row = n * D;
      const at = n * K;
      logits[at] = 0;
      for (let k = 0; k < free; k++) {
        const w = k * D;
        let a = point[free * D + k] ?? 0;
        let b = 0;
        let d = 0;
        // Two sums keep two additions under way; bounds are known, so the fallbacks of the types are left out.
        for (; d + 1 < D; d += 2) {
          a += (x[row + d] as number) * (point[w + d] as number);
          b += (x[row + d + 1] as number) * (point[w + d + 1] as number);
        }
        if (d < D) a += (x[row + d] as number) * (point[w + d] as number);
        logits[at + skipped + k] = a + b;
      }
      const label = labels[n] ?? 0;
      const own = logits[at + label] ?? 0;
      value += (softmaxRow(logits, at, K) - own) / N;
      for (let k = 0; k < free; k++) {
        const g = ((logits[at + skipped + k] ?? 0) - (label === skipped + k ? 1 : 0)) / N;
        const w = k * D;
        for (let d = 0; d < D; d++)
          gradient[w + d] = (gradient[w + d] as number) + g * (x[row + d] as number);
        gradient[free * D + k] = (gradient[free * D + k] ?? 0) + g;
      }
    }
    for (let i = 0; i < free * D; i++) {
      const w = point[i] ?? 0;
      value += 0.5 * penalty * w * w;
      gradient[i] = (gradient[i] ?? 0) + penalty * w;
    }
    return { value, gradient };
  };

  const { point, value, iterations } = minimise({
    start: pack(start, mean, D, free, skipped),
    evaluate,
    tolerance: TOLERANCE,
  });
  const head: Head = { weights: new Float64Array(K * D), offsets: new Float64Array(K) };
  for (let k = 0; k < free; k++) {
    let shift = 0;
    for (let d = 0; d < D; d++) {
      const w = point[k * D + d] ?? 0;
      head.weights[(skipped + k) * D + d] = w;
      shift += w * (mean[d] ?? 0);
    }
    head.offsets[skipped + k] = (point[free * D + k] ?? 0) - shift;
  }
  return { ...head, loss: value, iterations };
}

function pack(
  start: Head | undefined,
  mean: Float64Array,
  D: number,
  free: number,
  skipped: number,
): Float64Array {
  const point = new Float64Array(free * (D + 1));
  if (start === undefined) return point;
  for (let k = 0; k < free; k++) {
    let shift = 0;
    for (let d = 0; d < D; d++) {
      const w = start.weights[(skipped + k) * D + d] ?? 0;
      point[k * D + d] = w;
      shift += w * (mean[d] ?? 0);
    }
    point[free * D + k] = (start.offsets[skipped + k] ?? 0) + shift;
  }
  return point;
}
