// How long a step takes: measured, where this model was trained in this shape on this machine before; else reckoned from
// how fast the machine multiplies.
import type { TrainingInput } from '../../contracts/training.ts';
import type { Measurements } from '../../store/measurements.ts';
import type { BatchShape } from './batches.ts';
import type { Machine } from './machine.ts';
import { operationsPerToken, type Shapes } from './reckon.ts';

/** Of a machine's speed at multiplying, what a whole step reaches; measured on 135 M parameters. */
const EFFICIENCY = 0.65;
const MACHINE_KEY = 'training:operations-per-second';

/** What a step's time depends on, threads aside. */
export const stepKey = (model: string, { rows, length }: BatchShape, input: TrainingInput): string => {
  const { method, adaptation, lora, hyperparameters } = input;
  const adapter = adaptation === 'lora' ? `lora${lora.rank}x${lora.targets.length}` : 'full';
  const memory = hyperparameters.gradientCheckpointing ? 'saving' : 'plain';
  return `${model}:${method}:${adapter}:${rows}x${length}:${memory}`;
};
const keyOf = (model: string, shape: BatchShape, input: TrainingInput, threads: number): string =>
  `training:tokens-per-second:${stepKey(model, shape, input)}:${threads}`;

export interface Speed {
  /** Places of a batch, padding included. */
  tokensPerSecond: number;
  basis: 'measured' | 'reckoned';
}

export function createSpeeds({ measurements, machine }: { measurements: Measurements; machine: Machine }) {
  async function operationsPerSecond(signal: AbortSignal): Promise<number> {
    const known = await measurements.get(MACHINE_KEY);
    if (typeof known === 'number' && known > 0) return known;
    const measured = await machine.measureSpeed(signal);
    await measurements.set(MACHINE_KEY, measured);
    return measured;
  }
  return {
    async of(
      model: string,
      shapes: Shapes,
      shape: BatchShape,
      input: TrainingInput,
      threads: number,
      signal: AbortSignal,
    ): Promise<Speed> {
      const known = await measurements.get(keyOf(model, shape, input, threads));
      if (typeof known === 'number' && known > 0) return { tokensPerSecond: known, basis: 'measured' };
      const operations = (await operationsPerSecond(signal)) * EFFICIENCY * Math.sqrt(threads);
      return { tokensPerSecond: operations / operationsPerToken(shapes, input), basis: 'reckoned' };
    },
    /** What a run has shown. */
    keep: (
      model: string,
      shape: BatchShape,
      input: TrainingInput,
      threads: number,
      tokensPerSecond: number,
    ) => measurements.set(keyOf(model, shape, input, threads), tokensPerSecond),
  };
}
export type Speeds = ReturnType<typeof createSpeeds>;
