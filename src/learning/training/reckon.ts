// What a run will take, reckoned from its shapes: memory, disk and seconds. Coefficients are of measured steps on one CPU
// thread (docs/log.md): 135 M parameters with LoRA over 1,024 tokens took 3.2 GB, 2.0 GB with gradient checkpointing.
import type { TrainingInput } from '../../contracts/training.ts';
import type { Adaptation, DecoderConfig } from '../../numerics/decoder/decoder.ts';
import { arenaSize, parametersOf } from '../../numerics/decoder/parameters-of.ts';
import type { BatchShape } from './batches.ts';

const FLOAT = 4;
/** Runtime, buffers and the program itself. */
const FIXED_BYTES = 150e6;
/** Rows of logits that are at hand at once, a few times over. */
const LOGIT_ROWS = 256;
const LOGIT_COPIES = 3;

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
export function reckonMemory(
  { config, weightBytes }: Shapes,
  input: TrainingInput,
  shape: BatchShape,
): number {
  const { layers, width, hidden, heads, vocabulary } = config;
  const tokens = shape.rows * shape.length;
  // Of a layer and a token: the residual stream and its norms, the projections, SwiGLU, the attention's probabilities.
  const layer = tokens * (10 * width + 4 * hidden + 2 * heads * shape.length) * FLOAT;
  const residual = tokens * width * FLOAT;
  const activations = input.hyperparameters.gradientCheckpointing
    ? 5 * layer + 2 * layers * residual
    : layers * layer;
  const logits = Math.min(tokens, LOGIT_ROWS) * vocabulary * LOGIT_COPIES * FLOAT;
  const trainable = trainableOf(config, adaptationOf(input)) * FLOAT;
  // Values, gradients, both moments; gradients once more where several batches make a step; of trained weights also what
  // the graph turns and adds up on the way.
  const arenas = trainable * ((shape.accumulated > 1 ? 5 : 4) + (input.adaptation === 'full' ? 4 : 0));
  // Frozen weights are laid out for the processor twice; trained ones are read where they lie.
  const weights = input.adaptation === 'lora' ? 2 * weightBytes : 0;
  return Math.round(FIXED_BYTES + weights + activations + logits + arenas);
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
