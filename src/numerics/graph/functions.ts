// The primitives as functions, so that a model reads like its formulas.
import type { ElementType } from '../onnx/model.ts';
import type { Graph } from './graph.ts';
import type { OperationName, Operations } from './operations.ts';
import type { Shape, Tensor } from './tensor.ts';

function apply<K extends OperationName>(
  operation: K,
  first: Tensor,
  rest: readonly Tensor[],
  attributes: Operations[K],
): Tensor {
  return first.graph.apply(operation, [first, ...rest], attributes);
}

export interface ProductOptions {
  transposeA?: boolean;
  transposeB?: boolean;
  scale?: number;
}

/** Matrices: scale * a b + plus */
export function product(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false, scale = 1, plus }: ProductOptions & { plus?: Tensor | null } = {},
): Tensor {
  return apply('product', a, plus ? [b, plus] : [b], { transposeA, transposeB, scale });
}

/** Stacks of matrices with equal leading axes. */
export function batchProduct(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false, scale = 1 }: ProductOptions = {},
): Tensor {
  return apply('batchProduct', a, [b], { transposeA, transposeB, scale });
}

export const add = (a: Tensor, b: Tensor): Tensor => apply('add', a, [b], {});
export const subtract = (a: Tensor, b: Tensor): Tensor => apply('subtract', a, [b], {});
export const multiply = (a: Tensor, b: Tensor): Tensor => apply('multiply', a, [b], {});
export const negate = (x: Tensor): Tensor => apply('negate', x, [], {});
export const sigmoid = (x: Tensor): Tensor => apply('sigmoid', x, [], {});
export const exponential = (x: Tensor): Tensor => apply('exponential', x, [], {});
export const logarithm = (x: Tensor): Tensor => apply('logarithm', x, [], {});
export const squareRoot = (x: Tensor): Tensor => apply('squareRoot', x, [], {});
export const reciprocal = (x: Tensor): Tensor => apply('reciprocal', x, [], {});
export const sum = (x: Tensor, axis: number): Tensor => apply('sum', x, [], { axis });
export const mean = (x: Tensor, axis: number): Tensor => apply('mean', x, [], { axis });
export const maximum = (x: Tensor, axis: number): Tensor => apply('maximum', x, [], { axis });
export const total = (x: Tensor): Tensor => apply('total', x, [], {});
export const reshape = (x: Tensor, shape: Shape): Tensor => apply('reshape', x, [], { shape });
export const transpose = (x: Tensor, permutation: readonly number[]): Tensor =>
  apply('transpose', x, [], { permutation });
export const slice = (x: Tensor, axis: number, start: number, end: number): Tensor =>
  start === 0 && end === x.shape[axis] ? x : apply('slice', x, [], { axis, start, end });
export const softmax = (x: Tensor): Tensor => apply('softmax', x, [], {});
export const gatherRows = (table: Tensor, indices: Tensor): Tensor =>
  apply('gatherRows', table, [indices], {});
export const addRows = (table: Tensor, indices: Tensor, updates: Tensor): Tensor =>
  apply('addRows', table, [indices, updates], {});
export const pick = (x: Tensor, indices: Tensor): Tensor => apply('pick', x, [indices], {});
export const choose = (condition: Tensor, a: Tensor, b: Tensor): Tensor =>
  apply('choose', condition, [a, b], {});
export const equal = (a: Tensor, b: Tensor): Tensor => apply('equal', a, [b], {});
export const less = (a: Tensor, b: Tensor): Tensor => apply('less', a, [b], {});
export const cast = (x: Tensor, type: ElementType): Tensor => apply('cast', x, [], { type });

export function concatenate(parts: readonly Tensor[], axis: number): Tensor {
  const [first, ...rest] = parts;
  if (!first) throw new Error('There is nothing to join.');
  return rest.length === 0 ? first : apply('concatenate', first, rest, { axis });
}

/** The same number everywhere. */
export function filled(graph: Graph, shape: Shape, value: number): Tensor {
  return graph.node('Expand', [graph.scalar(value), graph.integers(shape)], [shape])[0] as Tensor;
}
