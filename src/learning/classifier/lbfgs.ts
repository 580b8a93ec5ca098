// L-BFGS with a line search under the strong Wolfe conditions (Nocedal & Wright, Numerical Optimization, algorithms 7.4,
// 3.5 and 3.6). Everything is f64 and in a fixed order: the same problem ends in the same bits.

export interface Evaluation {
  value: number;
  gradient: Float64Array;
}

export interface LbfgsOptions {
  start: Float64Array;
  /** Value and gradient at a point; the gradient must be an array of its own each time. */
  evaluate: (point: Float64Array) => Evaluation;
  /** Ends when no entry of the gradient is larger. */
  tolerance: number;
  mostIterations?: number;
  /** Pairs that are remembered. */
  memory?: number;
}

export interface Optimum {
  point: Float64Array;
  value: number;
  /** Largest entry of the gradient. */
  residual: number;
  iterations: number;
}

/** Sufficient decrease and curvature of the Wolfe conditions. */
const DECREASE = 1e-4;
const CURVATURE = 0.9;
const MOST_TRIALS = 30;

interface Trial extends Evaluation {
  step: number;
  point: Float64Array;
  slope: number;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

export function minimise({
  start,
  evaluate,
  tolerance,
  mostIterations = 1000,
  memory = 10,
}: LbfgsOptions): Optimum {
  let point = start;
  let { value, gradient } = evaluate(point);
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let iterations = 0;
  while (iterations < mostIterations && largest(gradient) > tolerance) {
    const direction = towards(gradient, pairs);
    const first = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const found = search({ point, value, gradient }, direction, first, evaluate);
    // No step lowers it further: the end of what f64 can tell.
    if (found === null) break;
    const s = found.point.map((x, i) => x - (point[i] ?? 0));
    const y = found.gradient.map((x, i) => x - (gradient[i] ?? 0));
    const curvature = dot(s, y);
    if (curvature > 1e-16 * dot(y, y)) {
      pairs.push({ s, y, rho: 1 / curvature });
      if (pairs.length > memory) pairs.shift();
    }
    ({ point, value, gradient } = found);
    iterations++;
  }
  return { point, value, residual: largest(gradient), iterations };
}

/** The two loops: minus the inverse Hessian, as the pairs know it, times the gradient. */
function towards(
  gradient: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas = pairs.map(() => 0);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const pair = pairs[k];
    if (pair === undefined) continue;
    const alpha = pair.rho * dot(pair.s, q);
    alphas[k] = alpha;
    for (let i = 0; i < q.length; i++) q[i] = (q[i] ?? 0) - alpha * (pair.y[i] ?? 0);
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] = (q[i] ?? 0) * scale;
  }
  for (const [k, { s, y, rho }] of pairs.entries()) {
    const factor = (alphas[k] ?? 0) - rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i] = (q[i] ?? 0) + factor * (s[i] ?? 0);
  }
  return q;
}

function search(
  from: { point: Float64Array; value: number; gradient: Float64Array },
  direction: Float64Array,
  first: number,
  evaluate: (point: Float64Array) => Evaluation,
): Trial | null {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return null;
  const at = (step: number): Trial => {
    const point = from.point.map((x, i) => x + step * (direction[i] ?? 0));
    const { value, gradient } = evaluate(point);
    return { step, point, value, gradient, slope: dot(gradient, direction) };
  };
  const lowEnough = ({ value, step }: Trial) => value <= from.value + DECREASE * step * slope;
  const flatEnough = (trial: Trial) => Math.abs(trial.slope) <= -CURVATURE * slope;

  let low: Trial = { step: 0, slope, ...from };
  let high: Trial | null = null;
  let step = first;
  for (let trials = 0; trials < MOST_TRIALS; trials++) {
    const trial = at(step);
    if (!lowEnough(trial) || (low.step > 0 && trial.value >= low.value)) high = trial;
    else if (flatEnough(trial)) return trial;
    else {
      // Downhill past `trial`: what was low is behind; uphill: the bottom lies between.
      if (trial.slope * ((high?.step ?? Number.POSITIVE_INFINITY) - low.step) >= 0) high = low;
      low = trial;
    }
    step = high === null ? 2 * low.step : between(low, high);
    if (high !== null && Math.abs(high.step - low.step) < 1e-14 * Math.max(1, low.step)) break;
  }
  return low.step > 0 && low.value < from.value ? low : null;
}

/** The bottom of the cubic through both values and slopes, kept away from the ends (their equation 3.59). */
function between(a: Trial, b: Trial): number {
  const width = b.step - a.step;
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.step - b.step);
  const root = d1 * d1 - a.slope * b.slope;
  const d2 = Math.sign(width) * Math.sqrt(Math.max(0, root));
  const cubic = b.step - (width * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
  const share = (cubic - a.step) / width;
  return a.step + width * (Number.isFinite(share) ? Math.min(0.9, Math.max(0.1, share)) : 0.5);
}
