// Calibration of a head: one temperature over all logits (Guo et al. 2017), and how far its probabilities are from what
// happens (expected calibration error, ten bins of equal width over the probability of the label that was said).
import { softmaxRow } from './logistic.ts';

const LEAST = 0.01;
const MOST = 100;
const BINS = 10;

/** Mean log loss of the logits over a temperature. */
export function logLoss(logits: Float64Array, labels: Int32Array, temperature = 1): number {
  const K = logits.length / labels.length;
  const row = new Float64Array(K);
  let sum = 0;
  for (let n = 0; n < labels.length; n++) {
    for (let k = 0; k < K; k++) row[k] = (logits[n * K + k] ?? 0) / temperature;
    const own = row[labels[n] ?? 0] ?? 0;
    sum += softmaxRow(row, 0, K) - own;
  }
  return sum / labels.length;
}

/**
 * The temperature of the least log loss. In 1/T the loss is convex: Newton's method, held between two ends that move in.
 * Logits that are all right, or of no use, have their best at an end: 0.01 or 100.
 */
export function fitTemperature(logits: Float64Array, labels: Int32Array): number {
  const K = logits.length / labels.length;
  const row = new Float64Array(K);
  let low = 1 / MOST;
  let high = 1 / LEAST;
  let inverse = 1;
  for (let round = 0; round < 100; round++) {
    let slope = 0;
    let curvature = 0;
    for (let n = 0; n < labels.length; n++) {
      const at = n * K;
      for (let k = 0; k < K; k++) row[k] = (logits[at + k] ?? 0) * inverse;
      softmaxRow(row, 0, K);
      let mean = 0;
      let square = 0;
      for (let k = 0; k < K; k++) {
        const z = logits[at + k] ?? 0;
        mean += (row[k] ?? 0) * z;
        square += (row[k] ?? 0) * z * z;
      }
      slope += mean - (logits[at + (labels[n] ?? 0)] ?? 0);
      curvature += square - mean * mean;
    }
    if (slope > 0) high = inverse;
    else low = inverse;
    const newton = inverse - slope / curvature;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - inverse) <= 1e-10 * inverse) break;
    inverse = next;
  }
  return 1 / inverse;
}

/** (rows, labels): probabilities of the logits over a temperature. */
export function probabilitiesOf(logits: Float64Array, labelCount: number, temperature: number): Float64Array {
  const result = logits.map((z) => z / temperature);
  for (let at = 0; at < result.length; at += labelCount) softmaxRow(result, at, labelCount);
  return result;
}

/** Index of the largest of each row. */
export function likeliest(values: Float64Array, labelCount: number): Int32Array {
  return Int32Array.from({ length: values.length / labelCount }, (_, row) => {
    let best = 0;
    for (let k = 1; k < labelCount; k++)
      if ((values[row * labelCount + k] ?? 0) > (values[row * labelCount + best] ?? 0)) best = k;
    return best;
  });
}

export function calibrationError(probabilities: Float64Array, labels: Int32Array): number {
  const K = probabilities.length / labels.length;
  const said = likeliest(probabilities, K);
  const bins = Array.from({ length: BINS }, () => ({ sure: 0, right: 0 }));
  for (let n = 0; n < labels.length; n++) {
    const sure = probabilities[n * K + (said[n] ?? 0)] ?? 0;
    const bin = bins[Math.min(BINS - 1, Math.floor(sure * BINS))];
    if (bin === undefined) continue;
    bin.sure += sure;
    bin.right += said[n] === labels[n] ? 1 : 0;
  }
  return bins.reduce((sum, { sure, right }) => sum + Math.abs(right - sure), 0) / labels.length;
}
