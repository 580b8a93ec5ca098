// For tests: a graph with its loss, computed in this thread, and its gradients beside central differences.
import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { multiply, total } from '../graph/functions.ts';
import { Graph, type GraphOptions } from '../graph/graph.ts';
import { type Shape, sizeOf, type Tensor } from '../graph/tensor.ts';
import { sessionOptions } from '../session/session-options.ts';

export type Values = Float32Array | Int32Array | BigInt64Array;
export interface Given {
  shape: Shape;
  values: Values;
}

/** Numbers that are neither small, nor alike, nor the same in two tests with another `start`. */
export function numbers(shape: Shape, start = 1, { low = -1, high = 1 } = {}): Given {
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
    const turn = Math.sin((i + 1) * 12.9898 + start * 78.233) * 43_758.5453;
    return low + (high - low) * (turn - Math.floor(turn));
  });
  return { shape, values };
}

export function integers(shape: Shape, values: readonly number[]): Given {
  return { shape, values: Int32Array.from(values) };
}

export async function compute(
  graph: Graph,
  given: Readonly<Record<string, Given>>,
): Promise<(changed?: Readonly<Record<string, Given>>) => Promise<Record<string, Float32Array>>> {
  const session = await InferenceSession.create(
    graph.bytes(),
    sessionOptions({ threads: 1, provider: 'cpu', prepack: true }),
  );
  return async (changed = {}) => {
    const feeds = Object.fromEntries(
      Object.entries({ ...given, ...changed })
        .filter(([name]) => session.inputNames.includes(name))
        .map(([name, { values, shape }]) => [name, new RuntimeTensor(values, shape)]),
    );
    const results = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [
        name,
        Float32Array.from(data as Float32Array, Number),
      ]),
    );
  };
}

/** Inputs by name become tensors of a graph; float inputs are parameters unless they are named in `fixed`. */
export function inputsOf(
  graph: Graph,
  given: Readonly<Record<string, Given>>,
  fixed: readonly string[] = [],
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(given).map(([name, { shape, values }]) => {
      const type =
        values instanceof Float32Array ? 'float32' : values instanceof Int32Array ? 'int32' : 'int64';
      const needsGradient = type === 'float32' && !fixed.includes(name);
      return [name, graph.input(name, shape, type, { needsGradient })];
    }),
  );
}

/**
 * The largest error of a gradient, relative to its tensor's largest entry, over all parameters. The loss is a weighted
 * sum of the output, so that no entry counts as another does.
 */
export async function gradientError(
  given: Readonly<Record<string, Given>>,
  build: (inputs: Record<string, Tensor>) => Tensor,
  { step = 1e-2, fixed = [], ...options }: GraphOptions & { step?: number; fixed?: readonly string[] } = {},
): Promise<number> {
  const graph = new Graph(options);
  const inputs = inputsOf(graph, given, fixed);
  const output = build(inputs);
  const loss = total(
    multiply(output, graph.constant(numbers(output.shape, 99).values as Float32Array, output.shape)),
  );
  const parameters = Object.values(inputs).filter(({ needsGradient }) => needsGradient);
  const gradients = graph.gradients(loss, graph.scalar(1), parameters);
  graph.output('loss', loss);
  graph.output('output', output);
  for (const { name } of parameters) graph.output(`gradient:${name}`, gradients.get(name) as Tensor);
  const run = await compute(graph, given);
  const first = await run();
  const weights = numbers(output.shape, 99).values as Float32Array;
  // Summed here in 64 bits: the sum in the graph would lose what the difference is made of.
  const lossOf = ({ output: values }: Record<string, Float32Array>): number =>
    (values as Float32Array).reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
  let worst = 0;
  for (const { name, shape } of parameters) {
    const gradient = first[`gradient:${name}`] as Float32Array;
    const largest = gradient.reduce((all, value) => Math.max(all, Math.abs(value)), 0);
    const at = async (index: number, by: number) => {
      const values = Float32Array.from((given[name] as Given).values as Float32Array);
      values[index] = (values[index] as number) + by;
      return lossOf(await run({ [name]: { shape, values } }));
    };
    for (let i = 0; i < sizeOf(shape); i++) {
      const difference = ((await at(i, step)) - (await at(i, -step))) / (2 * step);
      worst = Math.max(worst, Math.abs(difference - (gradient[i] as number)) / largest);
    }
    if (largest === 0) throw new Error(`The gradient of ${name} is zero: this case tests nothing.`);
  }
  return worst;
}
