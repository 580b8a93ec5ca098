// The primitives by name, with what each is told beside its inputs. primitives.ts has a row for every name.
import type { ElementType } from '../onnx/model.ts';
import type { Shape } from './tensor.ts';

type None = Record<never, never>;

interface Product {
  transposeA: boolean;
  transposeB: boolean;
  /** The product is multiplied by it. */
  scale: number;
}

export interface Operations {
  /** (m, k) x (k, n), and a third tensor (m, n) that is added */
  product: Product;
  /** The same over equal leading axes; nothing is added. */
  batchProduct: Product;
  /** Elementwise by NumPy's rule. */
  add: None;
  subtract: None;
  multiply: None;
  negate: None;
  sigmoid: None;
  exponential: None;
  logarithm: None;
  squareRoot: None;
  reciprocal: None;
  /** Reductions keep the axis with size 1. */
  sum: { axis: number };
  mean: { axis: number };
  maximum: { axis: number };
  /** To a scalar. */
  total: None;
  reshape: { shape: Shape };
  transpose: { permutation: readonly number[] };
  slice: { axis: number; start: number; end: number };
  concatenate: { axis: number };
  /** Over the last axis. */
  softmax: None;
  /** table (rows, ...), indices (n) -> (n, ...) */
  gatherRows: None;
  /** table (rows, ...), indices (n), updates (n, ...): each update is added to its row; an index may repeat */
  addRows: None;
  /** (n, m), indices (n, k) -> (n, k) along the last axis */
  pick: None;
  /** condition ? a : b */
  choose: None;
  equal: None;
  less: None;
  cast: { type: ElementType };
}
export type OperationName = keyof Operations;
