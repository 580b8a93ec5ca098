// Composites against central finite differences, with and without ONNX Runtime's own operators.
import { describe, expect, test } from 'vitest';
import { compute, type Given, gradientError, inputsOf, integers, numbers } from '../../testing/evaluate.ts';
import { add, multiply, product, reshape, sigmoid, total } from '../functions.ts';
import { Graph } from '../graph.ts';
import type { Tensor } from '../tensor.ts';
import { attention, attentionMask } from './attention.ts';
import { checkpoint } from './checkpoint.ts';
import { linearCrossEntropy } from './linear-cross-entropy.ts';
import { rmsNorm } from './rms-norm.ts';
import { rotaryTables, rotate } from './rotary.ts';
import { swiglu } from './swiglu.ts';

const tolerance = 1e-3;

describe.each([true, false])('with fused operators: %s', (fused) => {
  test('RMSNorm', async () => {
    const given = { x: numbers([3, 6]), w: numbers([6], 2, { low: 0.5, high: 1.5 }) };
    expect(await gradientError(given, ({ x, w }) => rmsNorm(x!, w!, 1e-5), { fused })).toBeLessThan(
      tolerance,
    );
    // A second use, so that its gradient is added to another.
    const twice = ({ x, w }: Record<string, Tensor>) => add(rmsNorm(x!, w!, 1e-5), multiply(x!, w!));
    expect(await gradientError(given, twice, { fused })).toBeLessThan(tolerance);
  });

  test('SwiGLU', async () => {
    const given = { a: numbers([3, 4], 1, { low: -3, high: 3 }), u: numbers([3, 4], 2) };
    expect(await gradientError(given, ({ a, u }) => swiglu(a!, u!), { fused })).toBeLessThan(tolerance);
  });

  test('rotary embedding, by the position of each token', async () => {
    const given = { x: numbers([2, 2, 3, 4]), at: integers([2, 3], [0, 1, 2, 0, 0, 1]) };
    const build = ({ x, at }: Record<string, Tensor>) => {
      const { graph } = x!;
      const positions = graph.apply('cast', [at!], { type: 'int64' });
      return rotate(x!, rotaryTables(graph, positions, { places: 3, headWidth: 4, theta: 100 }));
    };
    expect(await gradientError(given, build, { fused })).toBeLessThan(tolerance);
    // Hugging Face's convention: entry i turns with entry i + half, by position * theta^(-2i / width).
    const graph = new Graph({ fused });
    graph.output('y', build(inputsOf(graph, given)));
    const { y } = await (await compute(graph, given))();
    const [v, angle] = [given.x.values as Float32Array, 2 * 100 ** (-2 / 4)];
    const token = 2 * 4; // batch 0, head 0, place 2
    expect(y![token + 1]).toBeCloseTo(v[token + 1]! * Math.cos(angle) - v[token + 3]! * Math.sin(angle), 5);
    expect(y![token + 3]).toBeCloseTo(v[token + 3]! * Math.cos(angle) + v[token + 1]! * Math.sin(angle), 5);
  });

  test('attention with grouped queries, segments and padding', async () => {
    const given = {
      q: numbers([1, 4, 5, 2]),
      k: numbers([1, 2, 5, 2], 2),
      v: numbers([1, 2, 5, 2], 3),
      segments: integers([1, 5], [0, 0, 0, 1, 1]),
    };
    const build = ({ q, k, v, segments }: Record<string, Tensor>) =>
      attention(q!, k!, v!, attentionMask(q!.graph, segments!));
    expect(await gradientError(given, build, { fused })).toBeLessThan(tolerance);
  });

  test('cross-entropy with signed weights, in chunks, and with soft targets', async () => {
    const given = {
      h: numbers([5, 3]),
      W: numbers([7, 3], 2),
      labels: integers([5], [0, 6, 2, 2, 5]),
      weights: { shape: [5], values: Float32Array.of(0.4, 0, -0.3, 0.2, 1) },
      ids: integers([5, 2], [1, 0, 6, 3, 2, 4, 2, 5, 5, 1]),
      shares: numbers([5, 2], 4, { low: 0.1, high: 0.6 }),
    };
    const fixed = ['weights', 'shares'];
    const hard = ({ h, W, labels, weights }: Record<string, Tensor>) =>
      linearCrossEntropy(h!, W!, { labels: labels!, weights: weights!, chunkRows: 2 }).loss;
    expect(await gradientError(given, hard, { fused, fixed })).toBeLessThan(tolerance);
    const soft = ({ h, W, labels, weights, ids, shares }: Record<string, Tensor>) =>
      linearCrossEntropy(h!, W!, {
        labels: labels!,
        weights: weights!,
        soft: { ids: ids!, probabilities: shares! },
        chunkRows: 3,
      }).loss;
    expect(await gradientError(given, soft, { fused, fixed })).toBeLessThan(tolerance);
  });

  test('checkpointing', async () => {
    const given: Record<string, Given> = {
      x: numbers([3, 4]),
      A: numbers([4, 4], 2),
      zero: { shape: [1], values: new Float32Array(1) },
    };
    const build = ({ x, A, zero }: Record<string, Tensor>) => {
      const part = (y: Tensor) => sigmoid(product(y, A!));
      return checkpoint(part, checkpoint(part, x!, [A!], zero!), [A!], zero!);
    };
    expect(await gradientError(given, build, { fused, fixed: ['zero'] })).toBeLessThan(tolerance);
  });
});

test('cross-entropy in chunks equals cross-entropy at once', async () => {
  const given = {
    h: numbers([6, 3]),
    W: numbers([9, 3], 2),
    labels: integers([6], [0, 8, 2, 2, 5, 1]),
    weights: numbers([6], 3),
  };
  const of = async (chunkRows: number) => {
    const graph = new Graph();
    const { h, W, labels, weights } = inputsOf(graph, given, ['weights']);
    const result = linearCrossEntropy(h!, W!, { labels: labels!, weights: weights!, chunkRows });
    const gradients = graph.gradients(result.loss, graph.scalar(1), [h!, W!]);
    graph.output('loss', result.loss);
    graph.output('logProbabilities', result.logProbabilities);
    graph.output('dh', gradients.get('h')!);
    graph.output('dW', gradients.get('W')!);
    return (await compute(graph, given))();
  };
  const [whole, parts] = [await of(6), await of(2)];
  for (const name of ['loss', 'logProbabilities', 'dh', 'dW'])
    for (const [i, value] of whole[name]!.entries()) expect(parts[name]![i]).toBeCloseTo(value, 6);
});

test('a very unlikely label has a finite log-probability', async () => {
  const given = {
    h: { shape: [1, 1], values: Float32Array.of(1) },
    W: { shape: [2, 1], values: Float32Array.of(300, -300) },
    labels: integers([1], [1]),
    weights: { shape: [1], values: Float32Array.of(1) },
  };
  const graph = new Graph();
  const { h, W, labels, weights } = inputsOf(graph, given);
  graph.output(
    'lp',
    linearCrossEntropy(h!, W!, { labels: labels!, weights: weights!, chunkRows: 1 }).logProbabilities,
  );
  const { lp } = await (await compute(graph, given))();
  expect(lp![0]).toBeCloseTo(-600, 3);
});

test('a tensor that is used twice, as a tied embedding is, sums both gradients', async () => {
  const given = {
    E: numbers([5, 3]),
    ids: integers([4], [1, 3, 1, 0]),
    labels: integers([4], [3, 1, 0, 1]),
    weights: numbers([4], 3),
  };
  const build = ({ E, ids, labels, weights }: Record<string, Tensor>) =>
    linearCrossEntropy(E!.graph.apply('gatherRows', [E!, ids!], {}), E!, {
      labels: labels!,
      weights: weights!,
      chunkRows: 2,
    }).loss;
  expect(await gradientError(given, build, { fixed: ['weights'] })).toBeLessThan(tolerance);
});

test('what has no part in the output is named', () => {
  const graph = new Graph();
  const a = graph.input('a', [2], 'float32', { needsGradient: true });
  const b = graph.input('b', [2], 'float32', { needsGradient: true });
  expect(() => graph.gradients(total(reshape(a, [2, 1])), graph.scalar(1), [a, b])).toThrow('depend on b');
});
