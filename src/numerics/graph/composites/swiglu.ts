// SwiGLU (Shazeer, 2020): y = silu(a) u with silu(a) = a sigmoid(a).
import { add, multiply, sigmoid, subtract } from '../functions.ts';
import type { Tensor } from '../tensor.ts';

/** Keeps a and u only: the sigmoid is computed again on the way back. */
export function swiglu(a: Tensor, u: Tensor): Tensor {
  const { graph } = a;
  return graph.composite(
    [a, u],
    () => {
      // Under another operator's name the runtime cannot merge this sigmoid with the one below and keep it alive.
      const silu = graph.fused
        ? (graph.node(
            'QuickGelu',
            [a],
            [a.shape],
            { alpha: { float: 1 } },
            { domain: 'com.microsoft' },
          )[0] as Tensor)
        : multiply(a, sigmoid(a));
      return multiply(silu, u);
    },
    (dy) => {
      const s = sigmoid(a);
      const silu = multiply(a, s);
      // silu' = s + a s (1 - s)
      const slope = add(s, subtract(silu, multiply(silu, s)));
      return [a.needsGradient ? multiply(multiply(dy, u), slope) : null, multiply(dy, silu)];
    },
  );
}
