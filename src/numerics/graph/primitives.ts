// The total table of primitives: for every operation its shape, the ONNX nodes it becomes, and its vector-Jacobian
// product. The type asks for the row that is missing.
import { type ElementType, elementTypes } from '../onnx/model.ts';
import {
  addRows,
  batchProduct,
  cast,
  choose,
  equal,
  filled,
  gatherRows,
  multiply,
  negate,
  product,
  reshape,
  slice,
  subtract,
  sum,
  transpose,
} from './functions.ts';
import type { Contribution, Graph } from './graph.ts';
import type { OperationName, Operations } from './operations.ts';
import { axisOf, broadcastShape, type Shape, sameShape, sizeOf, type Tensor } from './tensor.ts';

interface Typed {
  shape: Shape;
  type: ElementType;
}

interface Application<K extends OperationName> {
  graph: Graph;
  inputs: readonly Tensor[];
  attributes: Operations[K];
}

export interface Primitive<K extends OperationName> {
  shape: (inputs: readonly Tensor[], attributes: Operations[K]) => Typed;
  emit: (call: Application<K> & Typed) => Tensor;
  /** null: the output moves in steps (a comparison, an integer), so that nothing flows back. */
  backward: ((call: Application<K> & { output: Tensor; dy: Tensor }) => readonly Contribution[]) | null;
}

/** The inputs of an operation that takes exactly as many. */
function one(inputs: readonly Tensor[]): Tensor {
  const [x] = inputs;
  if (!x || inputs.length !== 1) throw new Error(`One tensor was expected, not ${inputs.length}.`);
  return x;
}
function two(inputs: readonly Tensor[]): [Tensor, Tensor] {
  const [a, b] = inputs;
  if (!a || !b || inputs.length !== 2) throw new Error(`Two tensors were expected, not ${inputs.length}.`);
  return [a, b];
}
function three(inputs: readonly Tensor[]): [Tensor, Tensor, Tensor] {
  const [a, b, c] = inputs;
  if (!a || !b || !c || inputs.length !== 3)
    throw new Error(`Three tensors were expected, not ${inputs.length}.`);
  return [a, b, c];
}
function single(tensors: readonly Tensor[]): Tensor {
  return one(tensors);
}

/** Sums a gradient over the axes along which its tensor was repeated. */
function unbroadcast(dy: Tensor, shape: Shape): Tensor {
  if (sameShape(dy.shape, shape)) return dy;
  const lead = dy.shape.length - shape.length;
  let x = dy;
  for (const [axis, size] of dy.shape.entries())
    if (size !== 1 && (shape[axis - lead] ?? 1) === 1) x = sum(x, axis);
  return sameShape(x.shape, shape) ? x : reshape(x, shape);
}

function swapLast(rank: number): number[] {
  return [...Array(rank - 2).keys(), rank - 1, rank - 2];
}

function productSizes(
  a: Tensor,
  b: Tensor,
  { transposeA, transposeB }: Operations['product'],
): [number, number] {
  const [rows, inner] = transposeA ? [a.shape.at(-1), a.shape.at(-2)] : [a.shape.at(-2), a.shape.at(-1)];
  const [innerB, columns] = transposeB ? [b.shape.at(-1), b.shape.at(-2)] : [b.shape.at(-2), b.shape.at(-1)];
  if (rows === undefined || columns === undefined || inner !== innerB)
    throw new Error(
      `[${a.shape}]${transposeA ? ' transposed' : ''} cannot be multiplied by [${b.shape}]${transposeB ? ' transposed' : ''}.`,
    );
  return [rows, columns];
}

/**
 * a^T b with a wide a and a narrow b is up to four times as fast as (b^T a)^T on a CPU: a's columns are far apart in
 * memory, and there are many of them.
 */
function turnedIsFaster(a: Tensor, b: Tensor, { transposeA }: Operations['product']): boolean {
  return transposeA && sizeOf(a.shape) >= 2 * sizeOf(b.shape);
}

/** ONNX Runtime's own product, the other way round where that is faster (the standard one would be turned back). */
function fusedProduct(a: Tensor, b: Tensor, how: Operations['product'], shape: Shape): Tensor {
  const emit = (
    factors: readonly Tensor[],
    { transposeA, transposeB, scale }: Operations['product'],
    to: Shape,
  ) =>
    single(
      a.graph.node(
        'FusedMatMul',
        factors,
        [to],
        {
          transA: { integer: Number(transposeA) },
          transB: { integer: Number(transposeB) },
          alpha: { float: scale },
        },
        { domain: 'com.microsoft' },
      ),
    );
  if (!turnedIsFaster(a, b, how)) return emit([a, b], how, shape);
  const swapped = swapLast(shape.length);
  // (a^T b)^T = b^T a
  const turned = { transposeA: !how.transposeB, transposeB: !how.transposeA, scale: how.scale };
  return transpose(
    emit(
      [b, a],
      turned,
      swapped.map((axis) => shape[axis] ?? 1),
    ),
    swapped,
  );
}

type Multiply = (
  a: Tensor,
  b: Tensor,
  options: { transposeA?: boolean; transposeB?: boolean; scale: number; plus?: Tensor | null },
) => Tensor;

/** dA and dB of y = scale op(a) op(b), each again one product, so that no transposed copy is ever made. */
function productGradients(
  times: Multiply,
  [a, b]: [Tensor, Tensor],
  { transposeA, transposeB, scale }: Operations['product'],
  dy: Tensor,
): [(plus: Tensor | null) => Tensor, (plus: Tensor | null) => Tensor] {
  return [
    (plus) =>
      transposeA
        ? times(b, dy, { transposeA: transposeB, transposeB: true, scale, plus })
        : times(dy, b, { transposeB: !transposeB, scale, plus }),
    (plus) =>
      transposeB
        ? times(dy, a, { transposeA: true, transposeB: transposeA, scale, plus })
        : times(a, dy, { transposeA: !transposeA, scale, plus }),
  ];
}

type ElementwiseName = 'add' | 'subtract' | 'multiply';
function elementwise(
  operator: string,
  backward: (dy: Tensor, a: Tensor, b: Tensor) => [() => Tensor, () => Tensor],
): Primitive<ElementwiseName> {
  return {
    shape: (inputs) => {
      const [a, b] = two(inputs);
      return { shape: broadcastShape(a.shape, b.shape), type: a.type };
    },
    emit: ({ graph, inputs, shape, type }) => single(graph.node(operator, inputs, [shape], {}, { type })),
    backward: ({ inputs, dy }) => {
      const [a, b] = two(inputs);
      const [da, db] = backward(dy, a, b);
      return [
        a.needsGradient ? unbroadcast(da(), a.shape) : null,
        b.needsGradient ? unbroadcast(db(), b.shape) : null,
      ];
    },
  };
}

type UnaryName = 'negate' | 'sigmoid' | 'exponential' | 'logarithm' | 'squareRoot' | 'reciprocal';
function unary(
  operator: string,
  backward: (dy: Tensor, x: Tensor, y: Tensor) => Tensor,
): Primitive<UnaryName> {
  return {
    shape: (inputs) => one(inputs),
    emit: ({ graph, inputs, shape }) => single(graph.node(operator, inputs, [shape])),
    backward: ({ inputs, output, dy }) => [backward(dy, one(inputs), output)],
  };
}

function comparison(operator: string): Primitive<'equal' | 'less'> {
  return {
    shape: (inputs) => {
      const [a, b] = two(inputs);
      return { shape: broadcastShape(a.shape, b.shape), type: 'bool' };
    },
    emit: ({ graph, inputs, shape }) => single(graph.node(operator, inputs, [shape], {}, { type: 'bool' })),
    backward: null,
  };
}

type ReductionName = 'sum' | 'mean' | 'maximum';
function reduction(
  operator: string,
  backward: (dy: Tensor, x: Tensor, y: Tensor, size: number) => Tensor,
): Primitive<ReductionName> {
  return {
    shape: (inputs, { axis }) => {
      const x = one(inputs);
      const at = axisOf(axis, x.shape);
      return { shape: x.shape.with(at, 1), type: x.type };
    },
    emit: ({ graph, inputs, attributes, shape }) => {
      const axes = graph.integers([axisOf(attributes.axis, one(inputs).shape)]);
      return single(graph.node(operator, [one(inputs), axes], [shape], { keepdims: { integer: 1 } }));
    },
    backward: ({ inputs, attributes, output, dy }) => {
      const x = one(inputs);
      return [backward(dy, x, output, x.shape[axisOf(attributes.axis, x.shape)] ?? 1)];
    },
  };
}

export const primitives: { readonly [K in OperationName]: Primitive<K> } = {
  product: {
    shape: (inputs, attributes) => {
      const [a, b] = two(inputs.slice(0, 2));
      if (a.shape.length !== 2 || b.shape.length !== 2)
        throw new Error(`A product is of two matrices, not of [${a.shape}] and [${b.shape}].`);
      const shape = productSizes(a, b, attributes);
      const plus = inputs[2];
      if (plus && !sameShape(broadcastShape(plus.shape, shape), shape))
        throw new Error(`[${plus.shape}] cannot be added to a product of shape [${shape}].`);
      return { shape, type: 'float32' };
    },
    emit: ({ graph, inputs, attributes, shape }) => {
      const [a, b, plus] = inputs;
      if (graph.fused && a && b && !plus && turnedIsFaster(a, b, attributes))
        return fusedProduct(a, b, attributes, shape);
      const { transposeA, transposeB, scale } = attributes;
      return single(
        graph.node('Gemm', inputs, [shape], {
          transA: { integer: Number(transposeA) },
          transB: { integer: Number(transposeB) },
          alpha: { float: scale },
        }),
      );
    },
    backward: ({ inputs, attributes, dy }) => {
      const plus = inputs[2];
      return [
        ...productGradients(product, two(inputs.slice(0, 2)), attributes, dy),
        ...(plus?.needsGradient ? [unbroadcast(dy, plus.shape)] : []),
      ];
    },
  },
  batchProduct: {
    shape: (inputs, attributes) => {
      const [a, b] = two(inputs);
      const lead = a.shape.slice(0, -2);
      if (lead.length === 0 || !sameShape(lead, b.shape.slice(0, -2)))
        throw new Error(`[${a.shape}] and [${b.shape}] are not stacks of as many matrices.`);
      return { shape: [...lead, ...productSizes(a, b, attributes)], type: 'float32' };
    },
    emit: ({ graph, inputs, attributes, shape }) => {
      const [a, b] = two(inputs);
      const { transposeA, transposeB, scale } = attributes;
      if (graph.fused) return fusedProduct(a, b, attributes, shape);
      const upright = (x: Tensor, turn: boolean) => (turn ? transpose(x, swapLast(x.shape.length)) : x);
      return graph.noGradient(() => {
        const y = single(graph.node('MatMul', [upright(a, transposeA), upright(b, transposeB)], [shape]));
        return scale === 1 ? y : multiply(y, graph.scalar(scale));
      });
    },
    backward: ({ inputs, attributes, dy }) =>
      productGradients(batchProduct, two(inputs), attributes, dy).map(
        (gradient) => (sum: Tensor | null) =>
          sum === null ? gradient(null) : dy.graph.apply('add', [sum, gradient(null)], {}),
      ),
  },
  add: elementwise('Add', (dy) => [() => dy, () => dy]),
  subtract: elementwise('Sub', (dy) => [() => dy, () => negate(dy)]),
  multiply: elementwise('Mul', (dy, a, b) => [() => multiply(dy, b), () => multiply(dy, a)]),
  negate: unary('Neg', (dy) => negate(dy)),
  sigmoid: unary('Sigmoid', (dy, _, y) => multiply(dy, subtract(y, multiply(y, y)))),
  exponential: unary('Exp', (dy, _, y) => multiply(dy, y)),
  logarithm: unary('Log', (dy, x) => single(x.graph.node('Div', [dy, x], [x.shape]))),
  squareRoot: unary('Sqrt', (dy, x, y) =>
    multiply(single(x.graph.node('Div', [dy, y], [x.shape])), x.graph.scalar(0.5)),
  ),
  reciprocal: unary('Reciprocal', (dy, _, y) => negate(multiply(dy, multiply(y, y)))),
  sum: reduction('ReduceSum', (dy, x) => multiply(dy, filled(x.graph, x.shape, 1))),
  mean: reduction('ReduceMean', (dy, x, _, size) => multiply(dy, filled(x.graph, x.shape, 1 / size))),
  maximum: reduction('ReduceMax', (dy, x, y) => multiply(dy, cast(equal(x, y), 'float32'))),
  total: {
    shape: (inputs) => ({ shape: [], type: one(inputs).type }),
    emit: ({ graph, inputs }) => single(graph.node('ReduceSum', inputs, [[]], { keepdims: { integer: 0 } })),
    backward: ({ inputs, dy }) => [multiply(dy, filled(dy.graph, one(inputs).shape, 1))],
  },
  reshape: {
    shape: (inputs, { shape }) => {
      const x = one(inputs);
      if (sizeOf(shape) !== sizeOf(x.shape)) throw new Error(`[${x.shape}] does not fill [${shape}].`);
      return { shape, type: x.type };
    },
    emit: ({ graph, inputs, shape, type }) =>
      single(graph.node('Reshape', [one(inputs), graph.integers(shape)], [shape], {}, { type })),
    backward: ({ inputs, dy }) => [reshape(dy, one(inputs).shape)],
  },
  transpose: {
    shape: (inputs, { permutation }) => {
      const x = one(inputs);
      return { shape: permutation.map((axis) => x.shape[axisOf(axis, x.shape)] ?? 1), type: x.type };
    },
    emit: ({ graph, inputs, attributes, shape, type }) =>
      single(
        graph.node('Transpose', inputs, [shape], { perm: { integers: attributes.permutation } }, { type }),
      ),
    backward: ({ attributes: { permutation }, dy }) => [
      transpose(
        dy,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
    ],
  },
  slice: {
    shape: (inputs, { axis, start, end }) => {
      const x = one(inputs);
      const size = x.shape[axisOf(axis, x.shape)] ?? 0;
      if (start < 0 || end > size || start >= end)
        throw new Error(`Entries ${start} to ${end} do not lie within the ${size} of axis ${axis}.`);
      return { shape: x.shape.with(axis, end - start), type: x.type };
    },
    emit: ({ graph, inputs, attributes: { axis, start, end }, shape, type }) =>
      single(
        graph.node(
          'Slice',
          [one(inputs), graph.integers([start]), graph.integers([end]), graph.integers([axis])],
          [shape],
          {},
          { type },
        ),
      ),
    backward: ({ graph, inputs, attributes: { axis, start, end }, dy }) => {
      const { shape } = one(inputs);
      const pads = [...Array(shape.length * 2).fill(0)];
      pads[axis] = start;
      pads[shape.length + axis] = (shape[axis] ?? 0) - end;
      return [single(graph.node('Pad', [dy, graph.integers(pads)], [shape]))];
    },
  },
  concatenate: {
    shape: (inputs, { axis }) => {
      const [first] = inputs;
      if (!first) throw new Error('There is nothing to join.');
      const size = inputs.reduce((all, { shape }) => all + (shape[axis] ?? 0), 0);
      return { shape: first.shape.with(axis, size), type: first.type };
    },
    emit: ({ graph, inputs, attributes: { axis }, shape, type }) =>
      single(graph.node('Concat', inputs, [shape], { axis: { integer: axis } }, { type })),
    backward: ({ inputs, attributes: { axis }, dy }) => {
      let start = 0;
      return inputs.map(({ shape }) => {
        const from = start;
        start += shape[axis] ?? 0;
        return slice(dy, axis, from, start);
      });
    },
  },
  softmax: {
    shape: (inputs) => one(inputs),
    emit: ({ graph, inputs, shape }) =>
      single(graph.node('Softmax', inputs, [shape], { axis: { integer: -1 } })),
    backward: ({ output, dy }) => [multiply(output, subtract(dy, sum(multiply(dy, output), -1)))],
  },
  gatherRows: {
    shape: (inputs) => {
      const [table, indices] = two(inputs);
      return { shape: [...indices.shape, ...table.shape.slice(1)], type: table.type };
    },
    emit: ({ graph, inputs, shape, type }) =>
      single(graph.node('Gather', inputs, [shape], { axis: { integer: 0 } }, { type })),
    backward: ({ inputs, dy }) => {
      const [table, indices] = two(inputs);
      return [(sum) => addRows(sum ?? filled(dy.graph, table.shape, 0), indices, dy), null];
    },
  },
  addRows: {
    shape: (inputs) => {
      const [table, indices, updates] = three(inputs);
      if (
        indices.shape.length !== 1 ||
        !sameShape(updates.shape, [...indices.shape, ...table.shape.slice(1)])
      )
        throw new Error(
          `[${updates.shape}] are not updates of [${indices.shape}] rows of a table [${table.shape}].`,
        );
      return table;
    },
    emit: ({ graph, inputs, shape }) => {
      const [table, indices, updates] = three(inputs);
      return graph.noGradient(() => {
        const column = reshape(cast(indices, 'int64'), [...indices.shape, 1]);
        return single(
          graph.node('ScatterND', [table, column, updates], [shape], { reduction: { text: 'add' } }),
        );
      });
    },
    backward: ({ inputs, dy }) => [dy, null, gatherRows(dy, two(inputs.slice(1))[0])],
  },
  pick: {
    shape: (inputs) => {
      const [x, indices] = two(inputs);
      return { shape: indices.shape, type: x.type };
    },
    emit: ({ graph, inputs, shape, type }) =>
      single(graph.node('GatherElements', inputs, [shape], { axis: { integer: -1 } }, { type })),
    backward: ({ graph, inputs, dy }) => {
      const [x, indices] = two(inputs);
      const attributes = { axis: { integer: x.shape.length - 1 }, reduction: { text: 'add' } };
      return [
        single(
          graph.node('ScatterElements', [filled(graph, x.shape, 0), indices, dy], [x.shape], attributes),
        ),
        null,
      ];
    },
  },
  choose: {
    shape: (inputs) => {
      const [condition, a, b] = three(inputs);
      return { shape: broadcastShape(condition.shape, broadcastShape(a.shape, b.shape)), type: a.type };
    },
    emit: ({ graph, inputs, shape, type }) => single(graph.node('Where', inputs, [shape], {}, { type })),
    backward: ({ graph, inputs, dy }) => {
      const [condition, a, b] = three(inputs);
      const zero = graph.scalar(0);
      return [
        null,
        a.needsGradient ? unbroadcast(choose(condition, dy, zero), a.shape) : null,
        b.needsGradient ? unbroadcast(choose(condition, zero, dy), b.shape) : null,
      ];
    },
  },
  equal: comparison('Equal'),
  less: comparison('Less'),
  cast: {
    shape: (inputs, { type }) => ({ shape: one(inputs).shape, type }),
    emit: ({ graph, inputs, attributes, shape, type }) =>
      single(
        graph.node('Cast', inputs, [shape], { to: { integer: elementTypes[attributes.type] } }, { type }),
      ),
    backward: null,
  },
};
