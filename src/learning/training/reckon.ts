// What a run will take, reckoned from its shapes: memory, disk and seconds.
import type { TrainingInput } from '../../contracts/training.ts';
import { SPARE_BYTES } from '../../lib/disk.ts';
import type { Adaptation, DecoderConfig } from '../../numerics/decoder/decoder.ts';
import { arenaSize, parametersOf } from '../../numerics/decoder/parameters-of.ts';
import { reckonBytes } from '../../numerics/decoder/reckon-bytes.ts';
import type { BatchShape } from './batches.ts';
import { SAMPLE_QUESTIONS, SAMPLE_TOKENS } from './samples.ts';

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
  const adaptation = adaptationOf(input);
  // Of a step of several batches each gradient but the first has a place of its own before it is added.
  const added = shape.accumulated > 1 ? trainableOf(config, adaptation) * FLOAT : 0;
  return (
    added +
    reckonBytes(config, adaptation, {
      rows: shape.rows,
      length: shape.length,
      gradientCheckpointing,
      ...(input.method === 'distillation' && { soft: topK }),
    })
  );
}

/** Base in f32, three checkpoints (one is being written), two best steps, what is exported, and what must stay free beside it. */
export function reckonDisk(
  { config, weightBytes, parameters }: Shapes,
  input: TrainingInput,
  isPrepared: boolean,
): number {
  const trainable = trainableOf(config, adaptationOf(input)) * FLOAT;
  const exported = parameters * (FLOAT + FLOAT / 2) + (input.adaptation === 'lora' ? trainable : 0);
  return Math.round((isPrepared ? 0 : weightBytes) + 9 * trainable + 2 * trainable + exported + SPARE_BYTES);
}

/** Multiplications and additions that a token of a step takes: forward, backward to the input, backward to the weights. */
export function operationsPerToken({ parameters }: Shapes, input: TrainingInput): number {
  const passes = input.adaptation === 'full' ? 3 : 2;
  const again = input.hyperparameters.gradientCheckpointing ? 1 : 0;
  const forDpo = input.method === 'dpo' ? 1 : 0;
  return 2 * parameters * (passes + again + forDpo);
}

/** Of a small machine: what is read and written, and what an engine takes to start before it has read a byte. */
const READ_PER_SECOND = 400e6;
const WRITE_PER_SECOND = 100e6;
const START_SECONDS = 2;
const MEMORY_PER_SECOND = 10e9;
const MOST_TOKENS_PER_SECOND = 300;
/** Each exported form is loaded once and asked for held-out tokens and a few answers. */
const FORMS = 3;
const CHECKED_TOKENS = 150;

/** What a run takes beside its steps: weights made ready, samples at checkpoints, files written and held against the trainer. */
export function reckonBesideSeconds(
  { weightBytes }: Shapes,
  input: TrainingInput,
  { isPrepared, checkpoints }: { isPrepared: boolean; checkpoints: number },
): number {
  const load = START_SECONDS + weightBytes / READ_PER_SECOND;
  const tokenSeconds = Math.max(1 / MOST_TOKENS_PER_SECOND, weightBytes / MEMORY_PER_SECOND);
  const samples = (input.samplePrompts.length || SAMPLE_QUESTIONS) * SAMPLE_TOKENS;
  const ready = 2 * START_SECONDS + (isPrepared ? 0 : weightBytes / WRITE_PER_SECOND) + load;
  return (
    ready +
    checkpoints * (load + samples * tokenSeconds) +
    (1.5 * weightBytes) / WRITE_PER_SECOND +
    FORMS * (load + CHECKED_TOKENS * tokenSeconds)
  );
}
