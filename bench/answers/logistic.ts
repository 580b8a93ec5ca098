// A small logistic regression: Newton's steps with an L2 penalty on standardised features, weights given back unscaled.

export interface Logistic {
  bias: number;
  weights: number[];
}

export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly boolean[],
  penalty = 1,
): Logistic {
  const size = rows[0]?.length ?? 0;
  const mean = Array.from(
    { length: size },
    (_, j) => rows.reduce((sum, row) => sum + (row[j] ?? 0), 0) / rows.length,
  );
  const scale = Array.from({ length: size }, (_, j) => {
    const variance = rows.reduce((sum, row) => sum + ((row[j] ?? 0) - (mean[j] ?? 0)) ** 2, 0) / rows.length;
    return Math.sqrt(variance) || 1;
  });
  const x = rows.map((row) => [1, ...row.map((value, j) => (value - (mean[j] ?? 0)) / (scale[j] ?? 1))]);
  let w = new Array<number>(size + 1).fill(0);
  for (let step = 0; step < 30; step++) {
    const gradient = w.map((value, j) => (j === 0 ? 0 : -penalty * value));
    const hessian = w.map((_, j) => w.map((_w, k) => (j === k && j > 0 ? penalty : 0)));
    for (const [i, row] of x.entries()) {
      const p = 1 / (1 + Math.exp(-row.reduce((sum, value, j) => sum + value * (w[j] ?? 0), 0)));
      const error = (labels[i] ? 1 : 0) - p;
      for (const [j, a] of row.entries()) {
        gradient[j] = (gradient[j] ?? 0) + error * a;
        const line = hessian[j] ?? [];
        for (const [k, b] of row.entries()) line[k] = (line[k] ?? 0) + p * (1 - p) * a * b;
      }
    }
    const move = solve(hessian, gradient);
    w = w.map((value, j) => value + (move[j] ?? 0));
    if (Math.max(...move.map(Math.abs)) < 1e-6) break;
  }
  const weights = scale.map((own, j) => (w[j + 1] ?? 0) / own);
  return { weights, bias: (w[0] ?? 0) - weights.reduce((sum, value, j) => sum + value * (mean[j] ?? 0), 0) };
}

/** Gaussian elimination with the largest pivot. */
function solve(matrix: number[][], right: number[]): number[] {
  const a = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const n = a.length;
  for (let i = 0; i < n; i++) {
    const pivot = a
      .slice(i)
      .reduce((best, row, k) => (Math.abs(row[i] ?? 0) > Math.abs(a[best]?.[i] ?? 0) ? i + k : best), i);
    [a[i], a[pivot]] = [a[pivot] ?? [], a[i] ?? []];
    const own = a[i] ?? [];
    for (let k = 0; k < n; k++) {
      if (k === i) continue;
      const row = a[k] ?? [];
      const factor = (row[i] ?? 0) / (own[i] || 1e-12);
      for (let j = i; j <= n; j++) row[j] = (row[j] ?? 0) - factor * (own[j] ?? 0);
    }
  }
  return a.map((row, i) => (row[n] ?? 0) / (row[i] || 1e-12));
}

/** Area under the ROC curve: how often a true row is above a false one. */
export function areaUnderRoc(scores: readonly number[], labels: readonly boolean[]): number {
  let wins = 0;
  let pairs = 0;
  for (const [i, a] of scores.entries())
    for (const [j, b] of scores.entries())
      if (labels[i] && !labels[j]) {
        pairs += 1;
        wins += a > b ? 1 : a === b ? 0.5 : 0;
      }
  return pairs === 0 ? Number.NaN : wins / pairs;
}
