// Softmax attention whose queries share keys and values in groups (Ainslie et al., 2023), without repeating those.
import { add, batchProduct, choose, equal, multiply, reshape, softmax, subtract, sum } from '../functions.ts';
import type { Graph } from '../graph.ts';
import type { Tensor } from '../tensor.ts';

/**
 * 0 where a token may look, a large negative number elsewhere: at later tokens, and at those of other segments, so that
 * sequences which share a row know nothing of each other, and nobody knows of padding.
 * @param segments (batch, time) int32
 * @returns (batch, 1, 1, time, time)
 */
export function attentionMask(graph: Graph, segments: Tensor): Tensor {
  const [batch = 1, time = 1] = segments.shape;
  const later = new Float32Array(time * time);
  for (let i = 0; i < time; i++) later.fill(-1e9, i * time + i + 1, (i + 1) * time);
  const together = equal(
    reshape(segments, [batch, 1, 1, time, 1]),
    reshape(segments, [batch, 1, 1, 1, time]),
  );
  return choose(together, graph.constant(later, [1, 1, 1, time, time]), graph.scalar(-1e9));
}

/**
 * @param q (batch, heads, time, d)
 * @param k (batch, groups, time, d)
 * @param v (batch, groups, time, d)
 * @param mask (batch, 1, 1, time, time), added to the scores
 * @returns (batch, heads, time, d)
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor): Tensor {
  const [batch = 1, heads = 1, time = 1, d = 1] = q.shape;
  const groups = k.shape[1] ?? 1;
  const each = heads / groups;
  // Heads of a group follow each other, so that a group's queries are one matrix.
  const stacked = [batch, groups, each * time, d];
  const apart = [batch, groups, each, time, time];
  const flat = [batch, groups, each * time, time];
  const scale = 1 / Math.sqrt(d);
  const Q = q.graph.noGradient(() => reshape(q, stacked));
  let P = Q; // probabilities, (batch, groups, each * time, time), set below
  let O = Q; // (batch, groups, each * time, d), set below
  return q.graph.composite(
    [q, k, v],
    () => {
      const scores = reshape(batchProduct(Q, k, { transposeB: true, scale }), apart);
      P = reshape(softmax(add(scores, mask)), flat);
      O = batchProduct(P, v);
      return reshape(O, q.shape);
    },
    (dy) => {
      const dO = reshape(dy, stacked);
      const dP = batchProduct(dO, v, { transposeB: true });
      // sum(dP P) over the keys equals sum(dO O) over the head, which is narrower.
      const dS = multiply(P, subtract(dP, sum(multiply(dO, O), -1)));
      return [
        reshape(batchProduct(dS, k, { scale }), q.shape),
        batchProduct(dS, Q, { transposeA: true, scale }),
        batchProduct(P, dO, { transposeA: true }),
      ];
    },
  );
}
