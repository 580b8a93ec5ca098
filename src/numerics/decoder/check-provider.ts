// Whether an execution provider computes gradients as the CPU does: one was found whose forward pass was right and
// whose gradients were not, without a word.
import { NumericsError } from '../session/errors.ts';
import type { GraphSession } from '../session/graph-session.ts';
import type { Provider, SharedTensor } from '../session/messages.ts';
import { sharedFloats, sharedIntegers } from '../session/shared-array.ts';
import type { DecoderConfig } from './decoder.ts';
import { decoderGraph, graphNames } from './decoder-graph.ts';
import { arenaSize, parametersOf } from './parameters-of.ts';

/** Every operation of a decoder once, small enough for a moment. */
const config: DecoderConfig = {
  architecture: 'qwen2',
  layers: 2,
  width: 16,
  heads: 4,
  keyValueHeads: 2,
  headWidth: 4,
  hidden: 24,
  vocabulary: 40,
  epsilon: 1e-5,
  ropeTheta: 10_000,
  tied: true,
  bias: true,
  contextLength: 8,
};
const [rows, length] = [2, 8];
/** Of the largest entry of a tensor: well above a GPU's rounding, well below a wrong formula. */
const tolerance = 1e-3;

/** @throws NumericsError provider_refused with what differs */
export async function checkProvider(
  session: GraphSession,
  provider: Exclude<Provider, 'cpu'>,
): Promise<void> {
  const parameters = parametersOf(config, { kind: 'full' });
  const gradients = async (on: Provider): Promise<Float32Array> => {
    const graph = decoderGraph({
      config,
      adaptation: { kind: 'full' },
      parameters,
      weights: {
        path: '',
        tensor: (name) => {
          throw new NumericsError('failed', `${name} is trained and needs no file.`);
        },
      },
      weightsName: '',
      rows,
      length,
      gradientCheckpointing: false,
      fused: on === 'cpu',
      gradients: true,
    });
    const N = rows * length;
    const integers = (shape: readonly number[], at: (i: number) => number): SharedTensor => {
      const data = sharedIntegers(N);
      for (let i = 0; i < N; i++) data[i] = at(i);
      return { data, shape };
    };
    const weights = sharedFloats(N).fill(1 / N);
    const values = sharedFloats(arenaSize(parameters)).map((_, i) => Math.sin(i * 12.9898) * 0.5);
    const target = sharedFloats(values.length);
    const place = (memory: Float32Array, nameOf: (name: string) => string) =>
      Object.fromEntries(
        parameters.map(({ name, shape, offset, size }) => [
          nameOf(name),
          { data: memory.subarray(offset, offset + size), shape },
        ]),
      );
    const program = `check-${on}`;
    const options = { threads: 1, provider: on, prepack: true };
    await session.ask({ type: 'load', program, model: { bytes: graph.bytes() }, options });
    await session.ask({
      type: 'bind',
      binding: program,
      program,
      tensors: {
        inputs: {
          ...place(values, (name) => name),
          [graphNames.ids]: integers([N], (i) => (i * 7) % config.vocabulary),
          [graphNames.labels]: integers([N], (i) => (i * 11) % config.vocabulary),
          [graphNames.positions]: integers([rows, length], (i) => i % length),
          [graphNames.segments]: integers([rows, length], (i) => (i % length < 5 ? 0 : 1)),
          [graphNames.weights]: { data: weights, shape: [N] },
          [graphNames.learnedOrder]: integers([N], (i) => i),
          [graphNames.learnedPlace]: integers([N], (i) => i),
          [graphNames.learnedCount]: { data: sharedIntegers(1).fill(N), shape: [1] },
        },
        outputs: {
          ...place(target, graphNames.gradientOf),
          [graphNames.loss]: { data: sharedFloats(1), shape: [] },
          [graphNames.logProbabilities]: { data: sharedFloats(N), shape: [N] },
        },
      },
    });
    await session.ask({ type: 'run', binding: program });
    await session.ask({ type: 'unload', program });
    return target;
  };

  const expected = await gradients('cpu');
  const got = await gradients(provider).catch((cause: unknown) => {
    throw new NumericsError(
      'provider_refused',
      `${provider} cannot compute here: ${cause instanceof Error ? cause.message : cause}. Train with the provider cpu.`,
      { data: { provider }, cause },
    );
  });
  for (const { name, offset, size } of parameters) {
    let error = 0;
    let largest = 0;
    for (let i = offset; i < offset + size; i++) {
      error = Math.max(error, Math.abs((got[i] as number) - (expected[i] as number)));
      largest = Math.max(largest, Math.abs(expected[i] as number));
    }
    // Written so that a NaN is refused too.
    if (!(error <= tolerance * largest))
      throw new NumericsError(
        'provider_refused',
        `${provider} computes other gradients than the CPU: those of ${name} differ by ${(error / largest).toExponential(1)} of their largest entry. Train with the provider cpu.`,
        { data: { provider, tensor: name, error: error / largest } },
      );
  }
}
