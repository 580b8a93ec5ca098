// Gradient checkpointing (Chen et al., 2016): what a part computed is forgotten and computed again on the way back.
import { add, multiply, reshape, slice } from '../functions.ts';
import { sizeOf, type Tensor } from '../tensor.ts';

/**
 * @param part from one tensor to one of any shape; it may use `parameters`
 * @param zero (1): an input of the graph that holds 0. The repeated computation starts from x + zero * dy, so that the
 * runtime can neither merge it with the first nor begin it before dy is there.
 */
export function checkpoint(
  part: (x: Tensor) => Tensor,
  x: Tensor,
  parameters: readonly Tensor[],
  zero: Tensor,
): Tensor {
  const { graph } = x;
  return graph.composite(
    [x, ...parameters],
    () => part(x),
    (dy) => {
      const first = slice(reshape(dy, [sizeOf(dy.shape)]), 0, 0, 1);
      const again = { ...add(x, multiply(first, zero)), needsGradient: x.needsGradient };
      const wanted = [again, ...parameters].filter(({ needsGradient }) => needsGradient);
      const gradients = graph.isolated(() => graph.gradients(part(again), dy, wanted));
      return [again, ...parameters].map(({ name }) => gradients.get(name) ?? null);
    },
  );
}
