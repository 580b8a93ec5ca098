// What a run will be before it starts, and every reason not to start it.
import type { TrainingConcern, TrainingEstimate, TrainingInput } from '../../contracts/training.ts';
import type { Measurements } from '../../store/measurements.ts';
import type { FrozenDataset } from '../datasets/datasets.ts';
import type { BaseFacts } from './base-model.ts';
import { batchShape, rowsOfStep, stepsOf } from './batches.ts';
import { knownThreads } from './choose-threads.ts';
import type { ChatTokenizer } from './engine-port.ts';
import type { Machine } from './machine.ts';
import { learnedOfRows, packRows, type Row, type Unit, unitLength } from './pack.ts';
import { prepareData } from './prepare-data.ts';
import {
  adaptationOf,
  reckonBesideSeconds,
  reckonDisk,
  reckonMemory,
  type Shapes,
  trainableOf,
} from './reckon.ts';
import { type Speeds, stepKey } from './speed.ts';
import { everyOf } from './train-loop.ts';

const HOUR = 3600;

/** Rows, shape and steps of a run: the same for its estimate and for the run itself. */
export interface RunPlan {
  rows: Row[];
  validation: Row[];
  shape: ReturnType<typeof batchShape>;
  steps: number;
}

export function planRun(input: TrainingInput, train: readonly Unit[], validation: readonly Unit[]): RunPlan {
  const { sequenceLength, batchTokens, epochs, maxSteps, seed } = input.hyperparameters;
  const rows = packRows(train, sequenceLength, seed);
  const shape = batchShape({ rows: Math.max(1, rows.length), length: sequenceLength, batchTokens });
  const steps = stepsOf(rows.length, shape, epochs);
  return {
    rows,
    validation: packRows(validation, sequenceLength, seed),
    shape,
    steps: maxSteps === null ? steps : Math.min(steps, maxSteps),
  };
}

export interface EstimateOptions {
  input: TrainingInput;
  facts: BaseFacts;
  dataset: FrozenDataset;
  openTokenizer: () => Promise<ChatTokenizer>;
  /** Whether the f32 weights lie there already. */
  isPrepared: boolean;
  folder: string;
  machine: Machine;
  measurements: Measurements;
  speeds: Speeds;
  signal: AbortSignal;
}

export async function estimateTraining(options: EstimateOptions): Promise<TrainingEstimate> {
  const { input, facts, dataset, machine, signal } = options;
  const concerns: TrainingConcern[] = [];
  const freeMemoryBytes = machine.freeMemory();
  const freeDiskBytes = await machine.freeDisk(options.folder);
  if (!machine.hasRuntime()) concerns.push(missingRuntime());
  if (facts.config === null) {
    concerns.push(wrongArchitecture(facts));
    return { ...nothing, freeMemoryBytes, freeDiskBytes, examples: dataset.examples.length, concerns };
  }
  if (input.hyperparameters.sequenceLength > facts.config.contextLength)
    concerns.push(overContext(input, facts.config.contextLength));

  const tokenizer = await options.openTokenizer();
  const data = await prepareData({ input, dataset, tokenizer, signal }).finally(() => tokenizer.close());
  concerns.push(...data.concerns);
  const plan = planRun(input, data.train, data.validation);
  const { rows, shape, steps } = plan;
  const shapes: Shapes = {
    config: facts.config,
    weightBytes: facts.weightBytes,
    parameters: facts.parameters,
  };
  const memoryBytes = reckonMemory(shapes, input, shape);
  const diskBytes = reckonDisk(shapes, input, options.isPrepared);
  if (memoryBytes > freeMemoryBytes) concerns.push(notEnoughMemory(memoryBytes, freeMemoryBytes, input));
  if (diskBytes > freeDiskBytes) concerns.push(notEnoughDisk(diskBytes, freeDiskBytes, options.folder));

  const places = rowsOfStep(shape) * shape.length;
  const seconds = { basis: 'reckoned' as 'measured' | 'reckoned', value: 0 };
  if (rows.length > 0 && machine.hasRuntime()) {
    const threads =
      input.hyperparameters.threads ??
      (await knownThreads(options.measurements, stepKey(facts.model, shape, input))) ??
      machine.cores();
    const speed = await options.speeds.of(facts.model, shapes, shape, input, threads, signal);
    const looks = steps / everyOf(input.hyperparameters.evaluateEvery, steps) + 1;
    // A look is a forward pass, a third of a step or so.
    const looked = (looks * plan.validation.length * shape.length) / 3;
    const checkpoints = Math.ceil(steps / everyOf(input.hyperparameters.checkpointEvery, steps));
    seconds.value =
      (steps * places + looked) / speed.tokensPerSecond +
      reckonBesideSeconds(shapes, input, { isPrepared: options.isPrepared, checkpoints });
    seconds.basis = speed.basis;
    // What cannot start takes no time: the reasons stand alone.
    if (seconds.value > HOUR && !concerns.some(({ blocks }) => blocks)) concerns.push(slow(seconds.value));
  }
  const used = rows.flat().reduce((sum, unit) => sum + unitLength(unit), 0);
  const visits = steps * rowsOfStep(shape);
  return {
    steps,
    examples: dataset.examples.filter(({ split }) => split === 'train').length,
    tokens: rows.length === 0 ? 0 : Math.round((learnedOfRows(rows) * visits) / rows.length),
    rows: rows.length,
    padding: rows.length === 0 ? 0 : 1 - used / (rows.length * shape.length),
    seconds: seconds.value,
    secondsBasis: seconds.basis,
    memoryBytes,
    freeMemoryBytes,
    diskBytes,
    freeDiskBytes,
    trainableParameters: trainableOf(facts.config, adaptationOf(input)),
    concerns,
  };
}

const nothing = {
  steps: 0,
  tokens: 0,
  rows: 0,
  padding: 0,
  seconds: 0,
  secondsBasis: 'reckoned' as const,
  memoryBytes: 0,
  diskBytes: 0,
  trainableParameters: 0,
};

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(bytes < 1e9 ? 2 : 1)} GB`;

const missingRuntime = (): TrainingConcern => ({
  code: 'missing_runtime',
  message:
    'Training needs ONNX Runtime, which is not installed. Run `npm install onnxruntime-node` in the folder of Atelier, and start it again.',
  data: { package: 'onnxruntime-node' },
  blocks: true,
});

const wrongArchitecture = ({ model, reason }: BaseFacts): TrainingConcern => ({
  code: 'wrong_architecture',
  message: `${model} cannot be trained: ${reason ?? 'its architecture is not known'}. Choose a Llama or Qwen2 model.`,
  data: { model, reason },
  blocks: true,
});

const overContext = ({ hyperparameters }: TrainingInput, contextLength: number): TrainingConcern => ({
  code: 'over_context',
  message: `A sequence length of ${hyperparameters.sequenceLength} is more than the ${contextLength} tokens that the model reads. Choose at most ${contextLength}.`,
  data: { sequenceLength: hyperparameters.sequenceLength, contextLength },
  blocks: true,
});

function notEnoughMemory(
  needed: number,
  free: number,
  { hyperparameters, adaptation }: TrainingInput,
): TrainingConcern {
  const ways = [
    ...(hyperparameters.gradientCheckpointing ? [] : ['switch gradient checkpointing on']),
    'choose a shorter sequence length',
    ...(adaptation === 'full' ? ['train an adapter'] : []),
    'choose a smaller base model',
    'close other programs',
  ];
  return {
    code: 'not_enough_memory',
    message: `The run needs about ${gigabytes(needed)} of memory and ${gigabytes(free)} are free. To make it fit: ${ways.join(', ')}.`,
    data: { neededBytes: needed, availableBytes: free },
    blocks: true,
  };
}

const notEnoughDisk = (needed: number, free: number, folder: string): TrainingConcern => ({
  code: 'not_enough_disk',
  message: `The run needs ${gigabytes(needed)} on the disk of ${folder} and ${gigabytes(free)} are free. Free some space, or choose another data folder with --data.`,
  data: { neededBytes: needed, availableBytes: free },
  blocks: true,
});

const slow = (seconds: number): TrainingConcern => ({
  code: 'slow',
  message: `On this machine it will take about ${(seconds / HOUR).toFixed(1)} hours. It can be paused and goes on after a restart; fewer steps, shorter rows or a smaller base are quicker.`,
  data: { seconds, hours: seconds / HOUR },
  blocks: false,
});
