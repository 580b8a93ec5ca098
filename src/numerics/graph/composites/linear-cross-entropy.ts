// The last projection and cross-entropy as one operation, so that only a chunk of rows ever has its logits in memory.
import {
  add,
  addRows,
  concatenate,
  gatherRows,
  logarithm,
  maximum,
  multiply,
  negate,
  pick,
  product,
  reshape,
  slice,
  softmax,
  subtract,
  sum,
  total,
} from '../functions.ts';
import { sizeOf, type Tensor } from '../tensor.ts';

export interface CrossEntropy {
  /** -sum over the rows of weight * log p(label) */
  loss: Tensor;
  /** (n): log p(label) */
  logProbabilities: Tensor;
}

/** Several labels a row with probabilities in place of one; what they lack of 1 counts for nothing. */
export interface SoftTargets {
  /** (n, k) int32 */
  ids: Tensor;
  /** (n, k) */
  probabilities: Tensor;
}

/**
 * @param h (n, d)
 * @param W (V, d), the rows of the vocabulary
 * @param labels (n) int32
 * @param weights (n), of either sign
 * @param chunkRows rows whose logits are computed together
 */
export function linearCrossEntropy(
  h: Tensor,
  W: Tensor,
  { labels, weights, soft }: { labels: Tensor; weights: Tensor; soft?: SoftTargets },
  chunkRows: number,
): CrossEntropy {
  const { graph } = h;
  const n = h.shape[0] ?? 0;
  const column = graph.noGradient(() => reshape(weights, [n, 1]));
  const logProbabilities: Tensor[] = [];
  const losses: Tensor[] = [];
  const dh: Tensor[] = [];
  let dW: Tensor | null = null;

  const chunk = (from: number, to: number) => {
    const part = (x: Tensor) => slice(x, 0, from, to);
    const [hc, lc, wc] = [part(h), part(labels), part(column)];
    const logits = product(hc, W, { transposeB: true });
    const P = softmax(logits);
    // log sum exp = max logit - log max p: one pass of exponentials serves both, and the largest p is never 0.
    const ceiling = subtract(logarithm(maximum(P, -1)), maximum(logits, -1));
    const own = add(pick(logits, reshape(lc, [to - from, 1])), ceiling);
    logProbabilities.push(own);
    const targets = soft && { ids: part(soft.ids), probabilities: part(soft.probabilities) };
    const score = targets
      ? sum(multiply(add(pick(logits, targets.ids), ceiling), targets.probabilities), -1)
      : own;
    losses.push(total(multiply(score, wc)));
    if (!h.needsGradient && !W.needsGradient) return;
    // d loss / d logits = weight (mass * P - target), which is never written out: P meets W first.
    const mass = targets && sum(targets.probabilities, -1);
    const target = targets ? mixedRows(W, targets) : gatherRows(W, lc);
    const PW = product(P, W);
    dh.push(multiply(subtract(mass ? multiply(PW, mass) : PW, target), wc));
    if (W.needsGradient) {
      const scaled = multiply(hc, mass ? multiply(wc, mass) : wc);
      dW = product(P, scaled, { transposeA: true, plus: dW });
    }
  };

  const loss = graph.composite(
    [h, W],
    () => {
      for (let from = 0; from < n; from += chunkRows) chunk(from, Math.min(n, from + chunkRows));
      return negate(losses.reduce((a, b) => add(a, b)));
    },
    (dy) => [
      h.needsGradient ? multiply(concatenate(dh, 0), dy) : null,
      dW === null ? null : multiply(withoutTargets(dW, h, { labels, column, ...(soft ? { soft } : {}) }), dy),
    ],
  );
  return { loss, logProbabilities: graph.noGradient(() => reshape(concatenate(logProbabilities, 0), [n])) };
}

/** sum over k of p_k W[id_k], (n, d) */
function mixedRows(W: Tensor, { ids, probabilities }: SoftTargets): Tensor {
  const [n = 0, k = 0] = ids.shape;
  const d = W.shape[1] ?? 0;
  const rows = gatherRows(W, ids);
  return reshape(sum(multiply(rows, reshape(probabilities, [n, k, 1])), 1), [n, d]);
}

/** dW - the outer product of targets and weighted h, row by row of the vocabulary. */
function withoutTargets(
  dW: Tensor,
  h: Tensor,
  { labels, column, soft }: { labels: Tensor; column: Tensor; soft?: SoftTargets },
): Tensor {
  const [n = 0, d = 0] = h.shape;
  const negative = negate(multiply(h, column));
  if (!soft) return addRows(dW, labels, negative);
  const k = soft.ids.shape[1] ?? 0;
  const shares = multiply(reshape(negative, [n, 1, d]), reshape(soft.probabilities, [n, k, 1]));
  return addRows(dW, reshape(soft.ids, [sizeOf(soft.ids.shape)]), reshape(shares, [n * k, d]));
}
