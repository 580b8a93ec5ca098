// What a run will take, reckoned from its shapes: memory, disk and seconds.
import type { TrainingInput } from '../../contracts/training.ts';
import type { Adaptation, DecoderConfig } from '../../numerics/decoder/decoder.ts';
import { arenaSize, parametersOf } from '../../numerics/decoder/parameters-of.ts';
import { reckonBytes } from '../../numerics/decoder/reckon-bytes.ts';
import type { BatchShape } from './batches.ts';

const FLOAT = 4;

export interface Shapes {
  config: DecoderConfig;
  /** Bytes of the f32 weights. */
  weightBytes: number;
  parameters: number;
}

export const adaptationOf = ({ adaptation, lora }: TrainingInput): Adaptation =>
  adaptation === 'full' ? { kind: 'full' } : { kind: 'lora', ...lora };

export const trainableOf = (config: DecoderConfig, adaptation: Adaptation): number =>
  arenaSize(parametersOf(config, adaptation));

/** Most that a run holds at once. */
export function reckonMemory({ config }: Shapes, input: TrainingInput, shape: BatchShape): number {
  const { gradientCheckpointing, topK } = input.hyperparameters;
  return reckonBytes(config, adaptationOf(input), {
    rows: shape.rows,
    length: shape.length,
    gradientCheckpointing,
    ...(input.method === 'distillation' && { soft: topK }),
  });
}

/** Base in f32, three checkpoints (one is being written), two best steps, and what is exported. */
export function reckonDisk(
  { config, weightBytes, parameters }: Shapes,
  input: TrainingInput,
  isPrepared: boolean,
): number {
  const trainable = trainableOf(config, adaptationOf(input)) * FLOAT;
  const exported = parameters * (FLOAT + FLOAT / 2) + (input.adaptation === 'lora' ? trainable : 0);
  return Math.round((isPrepared ? 0 : weightBytes) + 9 * trainable + 2 * trainable + exported);
}

/** Multiplications and additions that a token of a step takes: forward, backward to the input, backward to the weights. */
export function operationsPerToken({ parameters }: Shapes, input: TrainingInput): number {
  const passes = input.adaptation === 'full' ? 3 : 2;
  const again = input.hyperparameters.gradientCheckpointing ? 1 : 0;
  const forDpo = input.method === 'dpo' ? 1 : 0;
  return 2 * parameters * (passes + again + forDpo);
}
