// The last projection and cross-entropy as one operation, so that only a chunk of rows ever has its logits in memory.
import {
  add,
  addRows,
  concatenate,
  filled,
  gatherRows,
  less,
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
import type { Tensor } from '../tensor.ts';

export interface CrossEntropy {
  /** -sum over the rows of weight * log p(label) */
  loss: Tensor;
  /** (n): log p(label); 0 in chunks that are not computed */
  logProbabilities: Tensor;
}

/** Several labels a row with probabilities in place of one; what they lack of 1 counts for nothing. */
export interface SoftTargets {
  /** (n, k) int32 */
  ids: Tensor;
  /** (n, k) */
  probabilities: Tensor;
}

/** Rows that are learned come first, so that the chunks after them need not be computed. */
export interface LearnedFirst {
  /** (n) int32: the row at each place of the new order */
  order: Tensor;
  /** (n) int32: the place of each row in it */
  place: Tensor;
  /** (1) int32: how many are learned; all others have the weight 0 */
  count: Tensor;
}

export interface CrossEntropyOptions {
  /** (n) int32 */
  labels: Tensor;
  /** (n), of either sign */
  weights: Tensor;
  soft?: SoftTargets | undefined;
  /** Without it every chunk is computed. Rows of chunks that are not have the log-probability 0. */
  learned?: LearnedFirst | undefined;
  /** Rows whose logits are computed together. */
  chunkRows: number;
}

/** What a chunk makes: log p(label), the sum of weighted scores, and gradients where they are wanted. */
interface Chunk {
  logProbabilities: Tensor;
  score: Tensor;
  dh: Tensor | null;
  dW: Tensor | null;
}

/**
 * @param h (n, d)
 * @param W (V, d), the rows of the vocabulary
 */
export function linearCrossEntropy(h: Tensor, W: Tensor, options: CrossEntropyOptions): CrossEntropy {
  const { graph } = h;
  const { labels, weights, soft, learned, chunkRows } = options;
  const [n = 0] = h.shape;
  const inOrder = (x: Tensor) => (learned ? gatherRows(x, learned.order) : x);
  const back = (x: Tensor) => (learned ? gatherRows(x, learned.place) : x);
  const chunks: Chunk[] = [];
  let logProbabilities = h; // (n), set below
  let column = h; // (n, 1), set below

  const loss = graph.composite(
    [h, W],
    () => {
      column = reshape(weights, [n, 1]);
      const rows = {
        h: inOrder(h),
        labels: inOrder(labels),
        column: inOrder(column),
        ids: soft && inOrder(soft.ids),
        probabilities: soft && inOrder(soft.probabilities),
      };
      for (let from = 0; from < n; from += chunkRows) {
        const to = Math.min(n, from + chunkRows);
        const part = (x: Tensor) => slice(x, 0, from, to);
        const before = chunks.at(-1)?.dW ?? null;
        const compute = () =>
          chunkOf(part(rows.h), W, {
            labels: part(rows.labels),
            column: part(rows.column),
            soft: rows.ids &&
              rows.probabilities && { ids: part(rows.ids), probabilities: part(rows.probabilities) },
            before,
            wanted: { h: h.needsGradient, W: W.needsGradient },
          });
        chunks.push(
          learned
            ? chunkIf(less(graph.constant(Int32Array.of(from)), learned.count), compute, before)
            : compute(),
        );
      }
      logProbabilities = reshape(
        back(
          concatenate(
            chunks.map((chunk) => chunk.logProbabilities),
            0,
          ),
        ),
        [n],
      );
      return negate(chunks.map(({ score }) => score).reduce((a, b) => add(a, b)));
    },
    (dy) => {
      const dW = chunks.at(-1)?.dW;
      return [
        h.needsGradient
          ? multiply(
              back(
                concatenate(
                  chunks.flatMap(({ dh }) => dh ?? []),
                  0,
                ),
              ),
              dy,
            )
          : null,
        dW ? multiply(withoutTargets(dW, h, labels, column, soft), dy) : null,
      ];
    },
  );
  return { loss, logProbabilities };
}

interface ChunkInputs {
  labels: Tensor;
  column: Tensor;
  soft: SoftTargets | undefined;
  /** dW of the chunks so far. */
  before: Tensor | null;
  wanted: { h: boolean; W: boolean };
}

function chunkOf(h: Tensor, W: Tensor, { labels, column, soft, before, wanted }: ChunkInputs): Chunk {
  const [rows = 0] = h.shape;
  const logits = product(h, W, { transposeB: true });
  const P = softmax(logits);
  // log sum exp = max logit - log max p: one pass of exponentials serves both, and the largest p is never 0.
  const ceiling = subtract(logarithm(maximum(P, -1)), maximum(logits, -1));
  const logProbabilities = add(pick(logits, reshape(labels, [rows, 1])), ceiling);
  const scores = soft
    ? sum(multiply(add(pick(logits, soft.ids), ceiling), soft.probabilities), -1)
    : logProbabilities;
  const score = total(multiply(scores, column));
  if (!wanted.h && !wanted.W) return { logProbabilities, score, dh: null, dW: null };
  // d loss / d logits = weight (mass * P - target), which is never written out: P meets W first.
  const mass = soft && sum(soft.probabilities, -1);
  const target = soft ? mixedRows(W, soft) : gatherRows(W, labels);
  const PW = product(P, W);
  const dh = multiply(subtract(mass ? multiply(PW, mass) : PW, target), column);
  if (!wanted.W) return { logProbabilities, score, dh, dW: null };
  const weighted = multiply(h, mass ? multiply(column, mass) : column);
  return { logProbabilities, score, dh, dW: product(P, weighted, { transposeA: true, plus: before }) };
}

/** The chunk if the condition holds, else what it would make of weights that are 0. */
function chunkIf(condition: Tensor, compute: () => Chunk, before: Tensor | null): Chunk {
  let made: Chunk | null = null;
  const { graph } = condition;
  const tensors = graph.branch(
    condition,
    () => {
      made = compute();
      return [made.logProbabilities, made.score, made.dh, made.dW].filter((x) => x !== null);
    },
    () => {
      const { logProbabilities, score, dh, dW } = made as unknown as Chunk;
      return [logProbabilities, score, dh, dW]
        .filter((x) => x !== null)
        .map((x) => (x === dW && before ? before : filled(graph, x.shape, 0)));
    },
  );
  const { dh, dW } = made as unknown as Chunk;
  const [logProbabilities, score, ...gradients] = tensors as [Tensor, Tensor, ...Tensor[]];
  return {
    logProbabilities,
    score,
    dh: dh && (gradients.shift() ?? null),
    dW: dW && (gradients.shift() ?? null),
  };
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
  labels: Tensor,
  column: Tensor,
  soft: SoftTargets | undefined,
): Tensor {
  const [n = 0, d = 0] = h.shape;
  const negative = negate(multiply(h, column));
  if (!soft) return addRows(dW, labels, negative);
  const k = soft.ids.shape[1] ?? 0;
  const shares = multiply(reshape(negative, [n, 1, d]), reshape(soft.probabilities, [n, k, 1]));
  return addRows(dW, reshape(soft.ids, [n * k]), reshape(shares, [n * k, d]));
}
