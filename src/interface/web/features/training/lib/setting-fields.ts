// The settings of a training as fields: which group each stands in, how it is entered, and what its text means.
import {
  type Hyperparameters,
  hyperparametersSchema,
  loraSchema,
  type TrainingMethod,
} from '../../../../../contracts/training.ts';

export const groups = ['learning', 'batches', 'watching', 'optimiser'] as const;
export type Group = (typeof groups)[number];

interface SettingField {
  group: Group;
  /** number: empty is refused; optional: empty is null. */
  kind: 'number' | 'optional' | 'flag' | 'schedule';
  /** It says something for this method only. */
  only?: TrainingMethod;
}

/** Total: a setting that is added to the contract asks for its row. */
export const settingFields: Record<keyof Hyperparameters, SettingField> = {
  epochs: { group: 'learning', kind: 'number' },
  maxSteps: { group: 'learning', kind: 'optional' },
  learningRate: { group: 'learning', kind: 'number' },
  schedule: { group: 'learning', kind: 'schedule' },
  warmupShare: { group: 'learning', kind: 'number' },
  beta: { group: 'learning', kind: 'number', only: 'dpo' },
  topK: { group: 'learning', kind: 'number', only: 'distillation' },
  sequenceLength: { group: 'batches', kind: 'number' },
  batchTokens: { group: 'batches', kind: 'number' },
  gradientCheckpointing: { group: 'batches', kind: 'flag' },
  threads: { group: 'batches', kind: 'optional' },
  evaluateEvery: { group: 'watching', kind: 'optional' },
  checkpointEvery: { group: 'watching', kind: 'optional' },
  seed: { group: 'watching', kind: 'number' },
  clipNorm: { group: 'optimiser', kind: 'optional' },
  weightDecay: { group: 'optimiser', kind: 'number' },
  beta1: { group: 'optimiser', kind: 'number' },
  beta2: { group: 'optimiser', kind: 'number' },
  epsilon: { group: 'optimiser', kind: 'number' },
};

export type NumberSetting = {
  [K in keyof Hyperparameters]: Hyperparameters[K] extends number | null ? K : never;
}[keyof Hyperparameters];
export type LoraNumber = 'rank' | 'alpha' | 'dropout';

/** "2e-4", "0,0002"; undefined when the setting does not take it. */
export function readNumber(name: NumberSetting | LoraNumber, text: string): number | null | undefined {
  const schema =
    name in loraSchema.shape
      ? loraSchema.shape[name as LoraNumber]
      : hyperparametersSchema.shape[name as NumberSetting];
  const trimmed = text.trim().replace(',', '.');
  const value = trimmed === '' ? null : Number(trimmed);
  const read = schema.safeParse(value);
  return read.success ? read.data : undefined;
}

/** As a person would write it: 0.0002 and not 2e-4, 1e-8 and not eight zeros; a comma in French. */
export function writeNumber(value: number | null, language: string): string {
  if (value === null) return '';
  const text = value !== 0 && Math.abs(value) < 1e-5 ? value.toExponential() : String(value);
  return language === 'fr' ? text.replace('.', ',') : text;
}
