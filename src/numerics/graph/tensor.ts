// A tensor of a graph: a name with a shape, known before anything is computed.
import type { ElementType } from '../onnx/model.ts';
import type { Graph } from './graph.ts';

export interface Tensor {
  readonly graph: Graph;
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Whether a parameter lies upstream of it. */
  readonly needsGradient: boolean;
}

export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The shape of an elementwise operation, by NumPy's rule. */
export function broadcastShape(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[a.length - rank + axis] ?? 1;
    const right = b[b.length - rank + axis] ?? 1;
    if (left !== right && left !== 1 && right !== 1)
      throw new Error(
        `The shapes [${a}] and [${b}] do not go together: ${left} and ${right} at axis ${axis}.`,
      );
    return Math.max(left, right);
  });
}

/** Axes count from the end when negative. */
export function axisOf(axis: number, shape: Shape): number {
  const positive = axis < 0 ? axis + shape.length : axis;
  if (positive < 0 || positive >= shape.length)
    throw new Error(`A tensor of shape [${shape}] has no axis ${axis}.`);
  return positive;
}
