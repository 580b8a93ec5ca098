// A decoder in the computing thread: the contract of decoder.ts over two programs, one with gradients and one without.
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { NumericsError } from '../session/errors.ts';
import { startGraphSession } from '../session/graph-session.ts';
import type { SharedTensor } from '../session/messages.ts';
import { sharedFloats, sharedIntegers } from '../session/shared-array.ts';
import { batchMemory, fillBatch } from './batch-memory.ts';
import { checkProvider } from './check-provider.ts';
import type { DecoderSession, DecoderSessionOptions, TokenBatch } from './decoder.ts';
import { type DecoderGraphOptions, decoderGraph, graphNames, noiseColumns } from './decoder-graph.ts';
import { hashNoise } from './dropout.ts';
import { packsWeights } from './packs-weights.ts';
import { arenaSize, parametersOf } from './parameters-of.ts';
import { readWeightsFile } from './weights-file.ts';

export async function openDecoderSession(options: DecoderSessionOptions): Promise<DecoderSession> {
  const { config, adaptation, rows, length, soft, threads, provider = 'cpu', signal } = options;
  const { gradientCheckpointing = false } = options;
  const parameters = parametersOf(config, adaptation);
  const weights = await readWeightsFile(options.weights);
  const N = rows * length;
  const size = arenaSize(parameters);
  const values = sharedFloats(size);
  const gradients = sharedFloats(size);
  const logProbabilities = sharedFloats(N);
  const loss = sharedFloats(1);
  const memory = batchMemory(N, soft ?? 0);
  const columns = noiseColumns(config);
  const rowNoise = sharedIntegers(2 * N);
  const columnNoise = sharedIntegers(2 * columns);
  const graphOptions: Omit<DecoderGraphOptions, 'gradients'> = {
    config,
    adaptation,
    parameters,
    weights,
    weightsName: basename(weights.path),
    rows,
    length,
    soft,
    gradientCheckpointing,
    fused: provider === 'cpu',
  };
  const session = startGraphSession({ signal });

  const load = async (program: string, withGradients: boolean) => {
    const model = decoderGraph({ ...graphOptions, gradients: withGradients }).bytes();
    // The runtime looks for external weights beside the model.
    const path = join(dirname(weights.path), `.${program}-${randomUUID()}.onnx`);
    try {
      await writeFile(path, model);
      await session.ask({
        type: 'load',
        program,
        model: { path },
        // The forward program has no copies of its own in any case.
        options: {
          threads,
          provider,
          prepack: withGradients && packsWeights({ rows, length, gradientCheckpointing }),
        },
      });
    } finally {
      await rm(path, { force: true });
    }
  };

  const tokens: Record<string, SharedTensor> = {
    [graphNames.ids]: { data: memory.ids, shape: [N] },
    [graphNames.labels]: { data: memory.labels, shape: [N] },
    [graphNames.positions]: { data: memory.positions, shape: [rows, length] },
    [graphNames.segments]: { data: memory.segments, shape: [rows, length] },
  };
  const arena = (array: Float32Array, nameOf: (parameter: string) => string): Record<string, SharedTensor> =>
    Object.fromEntries(
      parameters.map(({ name, shape, offset, size }) => [
        nameOf(name),
        { data: array.subarray(offset, offset + size), shape },
      ]),
    );
  const logProbabilityOutput = { [graphNames.logProbabilities]: { data: logProbabilities, shape: [N] } };

  const bindGradients = (binding: string, target: Float32Array) =>
    session.ask({
      type: 'bind',
      binding,
      program: 'gradient',
      tensors: {
        inputs: {
          ...tokens,
          ...arena(values, (name) => name),
          [graphNames.weights]: { data: memory.weights, shape: [N] },
          [graphNames.learnedOrder]: { data: memory.learnedOrder, shape: [N] },
          [graphNames.learnedPlace]: { data: memory.learnedPlace, shape: [N] },
          [graphNames.learnedCount]: { data: memory.learnedCount, shape: [1] },
          ...(soft
            ? {
                [graphNames.softIds]: { data: memory.softIds, shape: [N, soft] },
                [graphNames.softProbabilities]: { data: memory.softProbabilities, shape: [N, soft] },
              }
            : {}),
          ...(graphOptions.gradientCheckpointing
            ? { [graphNames.zero]: { data: sharedFloats(1), shape: [1] } }
            : {}),
          ...(adaptation.kind === 'lora' && adaptation.dropout > 0
            ? {
                [graphNames.rowNoise]: { data: rowNoise, shape: [2, N, 1] },
                [graphNames.columnNoise]: { data: columnNoise, shape: [2, 1, columns] },
              }
            : {}),
        },
        outputs: {
          ...arena(target, graphNames.gradientOf),
          [graphNames.loss]: { data: loss, shape: [] },
          ...logProbabilityOutput,
        },
      },
    });

  /** Made when first asked for. */
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | null = null;
    return () => {
      made ??= make();
      return made;
    };
  };
  const forward = once(() => load('forward', false));
  const bindForward = (binding: string, adapter: Record<string, SharedTensor>) =>
    session.ask({
      type: 'bind',
      binding,
      program: 'forward',
      tensors: { inputs: { ...tokens, ...adapter }, outputs: logProbabilityOutput },
    });
  const current = once(async () => {
    await forward();
    await bindForward(
      'current',
      arena(values, (name) => name),
    );
  });
  const base = once(async () => {
    await forward();
    // An adapter of zeros adds nothing; one piece of zeros serves every tensor.
    const zeros = sharedFloats(Math.max(...parameters.map((parameter) => parameter.size)));
    await bindForward(
      'base',
      Object.fromEntries(
        parameters.map(({ name, shape, size }) => [name, { data: zeros.subarray(0, size), shape }]),
      ),
    );
  });
  const more = once(async () => {
    const target = sharedFloats(size);
    await bindGradients('more', target);
    return target;
  });

  const fill = (batch: TokenBatch, withSoft: boolean) => {
    if (batch.soft && !soft)
      throw new NumericsError(
        'invalid',
        'This session was opened without soft targets; open it with `soft`.',
      );
    fillBatch(memory, batch, {
      vocabulary: config.vocabulary,
      length,
      withSoft: withSoft && soft !== undefined,
    });
  };

  /** One at a time: the memory of a batch is shared by all that is asked. */
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };

  try {
    if (provider !== 'cpu') await checkProvider(session, provider);
    await load('gradient', true);
    await bindGradients('gradient', gradients);
  } catch (error) {
    await session.close();
    throw error;
  }

  return {
    parameters,
    values,
    gradients,
    gradient: (batch, { accumulate = false, seed = 0 } = {}) =>
      inTurn(async () => {
        fill(batch, true);
        hashNoise(rowNoise, seed, 0);
        hashNoise(columnNoise, seed, 1);
        if (accumulate) {
          const target = await more();
          await session.ask({ type: 'run', binding: 'more' });
          for (let i = 0; i < size; i++) gradients[i] = (gradients[i] as number) + (target[i] as number);
        } else await session.ask({ type: 'run', binding: 'gradient' });
        return { loss: loss[0] as number, logProbabilities: Float32Array.from(logProbabilities) };
      }),
    logProbabilities: (batch, of = 'current') =>
      inTurn(async () => {
        if (of === 'base' && adaptation.kind !== 'lora')
          throw new NumericsError(
            'invalid',
            'Only a LoRA session knows its base; keep a second session for it.',
          );
        fill(batch, false);
        await (of === 'base' ? base() : current());
        await session.ask({ type: 'run', binding: of });
        return Float32Array.from(logProbabilities);
      }),
    close: () => session.close(),
  };
}
