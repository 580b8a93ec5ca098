// Root mean square normalisation (Zhang and Sennrich, 2019): y = w x r with r = 1 / sqrt(mean x^2 + eps).
import { add, mean, multiply, reciprocal, reshape, squareRoot, subtract, sum } from '../functions.ts';
import { sizeOf, type Tensor } from '../tensor.ts';

/** @param x (rows, d) @param w (d) */
export function rmsNorm(x: Tensor, w: Tensor, epsilon: number): Tensor {
  const { graph } = x;
  let r = x; // (rows, 1), set below
  return graph.composite(
    [x, w],
    () => {
      if (graph.fused) {
        const [y, inverse] = graph.node(
          'SimplifiedLayerNormalization',
          [x, w],
          [x.shape, x.shape.with(-1, 1)],
          {
            axis: { integer: -1 },
            epsilon: { float: epsilon },
            stash_type: { integer: 1 },
          },
        ) as [Tensor, Tensor];
        r = inverse;
        return y;
      }
      r = reciprocal(squareRoot(add(mean(multiply(x, x), -1), graph.scalar(epsilon))));
      return multiply(multiply(x, r), w);
    },
    (dy) => [
      // With g = w dy: dx = r g - x r^3 mean(g x); what is multiplied by x has one entry a row.
      (plus) => {
        const g = multiply(dy, w);
        const c = multiply(multiply(r, multiply(r, r)), mean(multiply(g, x), -1));
        const first = multiply(g, r);
        return subtract(plus === null ? first : add(plus, first), multiply(x, c));
      },
      (plus) => {
        const dw = reshape(sum(multiply(dy, multiply(x, r)), 0), [sizeOf(w.shape)]);
        return plus === null ? dw : add(plus, dw);
      },
    ],
  );
}
