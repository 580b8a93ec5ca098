// Every primitive against central finite differences; the table of cases is as total as the table of primitives.
import { describe, expect, test } from 'vitest';
import { compute, type Given, gradientError, inputsOf, integers, numbers } from '../testing/evaluate.ts';
import * as f from './functions.ts';
import { Graph } from './graph.ts';
import type { OperationName } from './operations.ts';
import type { Tensor } from './tensor.ts';

interface Case {
  given: Record<string, Given>;
  build: (inputs: Record<string, Tensor>) => Tensor;
  /** Only where the others cannot be: an operation without a gradient is asked for its values. */
  values?: number[];
}

const x = numbers([3, 4]);
const positive = numbers([3, 4], 2, { low: 0.5, high: 2 });
const unary = (apply: (x: Tensor) => Tensor, given: Given = x): Case[] => [
  { given: { x: given }, build: ({ x }) => apply(x!) },
];
const binary = (apply: (a: Tensor, b: Tensor) => Tensor): Case[] =>
  [[3, 4], [4], [3, 1], [1, 4], []].map((shape) => ({
    given: { a: x, b: numbers(shape, 5) },
    build: ({ a, b }) => apply(a!, b!),
  }));

const cases: Record<OperationName, Case[]> = {
  product: [false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB): Case[] => {
      const given = {
        a: numbers(transposeA ? [4, 3] : [3, 4]),
        b: numbers(transposeB ? [2, 4] : [4, 2], 3),
      };
      return [
        { given, build: ({ a, b }) => f.product(a!, b!, { transposeA, transposeB, scale: 0.7 }) },
        ...[[3, 2], [2], [3, 1]].map(
          (shape): Case => ({
            given: { ...given, plus: numbers(shape, 4) },
            build: ({ a, b, plus }) => f.product(a!, b!, { transposeA, transposeB, scale: 0.7, plus: plus! }),
          }),
        ),
        // The sum of gradients that a second use makes is part of the product.
        {
          given,
          build: ({ a, b }) =>
            f.add(f.product(a!, b!, { transposeA, transposeB }), f.total(f.multiply(a!, a!))),
        },
      ];
    }),
  ),
  batchProduct: [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({
      given: {
        a: numbers(transposeA ? [2, 2, 4, 3] : [2, 2, 3, 4]),
        b: numbers(transposeB ? [2, 2, 2, 4] : [2, 2, 4, 2], 3),
      },
      build: ({ a, b }) =>
        f.add(f.batchProduct(a!, b!, { transposeA, transposeB, scale: 0.7 }), f.total(f.multiply(b!, b!))),
    })),
  ),
  add: binary(f.add),
  subtract: binary(f.subtract),
  multiply: binary(f.multiply),
  negate: unary(f.negate),
  sigmoid: unary(f.sigmoid),
  exponential: unary(f.exponential),
  logarithm: unary(f.logarithm, positive),
  squareRoot: unary(f.squareRoot, positive),
  reciprocal: unary(f.reciprocal, numbers([3, 4], 2, { low: 1, high: 2 })),
  sum: [...unary((x) => f.sum(x, 0)), ...unary((x) => f.sum(x, -1))],
  mean: [...unary((x) => f.mean(x, 0)), ...unary((x) => f.mean(x, -1))],
  maximum: unary((x) => f.maximum(x, -1)),
  total: unary(f.total),
  reshape: unary((x) => f.reshape(x, [2, 6])),
  transpose: unary((x) => f.transpose(f.reshape(x, [3, 2, 2]), [2, 0, 1])),
  slice: [...unary((x) => f.slice(x, 1, 1, 3)), ...unary((x) => f.slice(x, 0, 2, 3))],
  concatenate: [
    { given: { a: x, b: numbers([3, 2], 7) }, build: ({ a, b }) => f.concatenate([a!, b!, a!], 1) },
  ],
  softmax: unary(f.softmax),
  gatherRows: [
    { given: { x, at: integers([4], [2, 0, 2, 2]) }, build: ({ x, at }) => f.gatherRows(x!, at!) },
    {
      given: { x, at: integers([2, 2], [2, 0, 1, 2]) },
      build: ({ x, at }) => f.reshape(f.gatherRows(x!, f.reshape(at!, [4])), [2, 8]),
    },
  ],
  addRows: [
    {
      given: { x, at: integers([4], [2, 0, 2, 2]), more: numbers([4, 4], 3) },
      build: ({ x, at, more }) => f.addRows(x!, at!, more!),
    },
  ],
  pick: [
    {
      given: { x, at: integers([3, 2], [0, 3, 1, 1, 2, 0]) },
      build: ({ x, at }) => f.pick(x!, at!),
    },
  ],
  choose: [
    {
      given: { a: x, b: numbers([4], 3), c: numbers([3, 4], 5) },
      build: ({ a, b, c }) => f.choose(f.less(c!, c!.graph.scalar(0)), a!, b!),
    },
  ],
  equal: [
    {
      given: { a: integers([2, 1], [1, 2]), b: integers([1, 3], [2, 1, 2]) },
      build: ({ a, b }) => f.cast(f.equal(a!, b!), 'float32'),
      values: [0, 1, 0, 1, 0, 1],
    },
  ],
  less: [
    {
      given: { a: integers([2], [1, 2]), b: integers([2], [2, 2]) },
      build: ({ a, b }) => f.cast(f.less(a!, b!), 'float32'),
      values: [1, 0],
    },
  ],
  cast: [
    {
      given: { a: integers([3], [-1, 0, 7]) },
      build: ({ a }) => f.cast(a!, 'float32'),
      values: [-1, 0, 7],
    },
  ],
};

describe('a primitive', () => {
  test.each(Object.entries(cases))('%s', async (_, rows) => {
    for (const { given, build, values } of rows) {
      if (values) {
        const graph = new Graph();
        graph.output('y', build(inputsOf(graph, given)));
        const { y } = await (await compute(graph, given))();
        expect([...y!]).toEqual(values);
        continue;
      }
      const fixed = 'c' in given ? ['c'] : [];
      // A tenth of a percent of the largest entry: what 32 bits leave of a difference, and well below a wrong factor.
      expect(await gradientError(given, build, { fixed })).toBeLessThan(1e-3);
    }
  });

  test('without ONNX Runtime’s own operators it computes the same', async () => {
    for (const { given, build } of cases.batchProduct)
      expect(await gradientError(given, build, { fused: false })).toBeLessThan(1e-3);
  });

  test('refuses shapes that do not fit, and says which', () => {
    const graph = new Graph();
    const a = graph.input('a', [2, 3]);
    expect(() => f.product(a, a)).toThrow('[2,3] cannot be multiplied by [2,3]');
    expect(() => f.add(a, graph.input('b', [4]))).toThrow('[2,3] and [4]');
    expect(() => f.reshape(a, [5])).toThrow('does not fill [5]');
  });
});
