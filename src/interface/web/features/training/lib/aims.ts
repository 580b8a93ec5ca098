// What a person trains a model for, and the method and settings that follow from it.
import type { DatasetKind } from '../../../../../contracts/dataset.ts';
import type {
  Hyperparameters,
  Lora,
  TrainingInput,
  TrainingMethod,
} from '../../../../../contracts/training.ts';

export const aims = ['style', 'extract', 'preference', 'distil', 'classify'] as const;
export type Aim = (typeof aims)[number];

export interface Plan {
  /** Of the dataset that it learns from. */
  kind: DatasetKind;
  method: TrainingMethod;
  lora: Partial<Lora>;
  hyperparameters: Partial<Hyperparameters>;
}

/** `classify` needs no training of a model: its page makes a classifier. */
export type TrainedAim = Exclude<Aim, 'classify'>;

export const plans: Record<TrainedAim, Plan> = {
  style: { kind: 'chat', method: 'sft', lora: {}, hyperparameters: {} },
  // Fields and their forms are more to learn than a tone: a wider adapter, longer rows.
  extract: {
    kind: 'chat',
    method: 'sft',
    lora: { rank: 16, alpha: 32 },
    hyperparameters: { sequenceLength: 512 },
  },
  // Pairs are learned with a tenth of the rate, once: beyond that the answers only grow longer or repeat.
  preference: {
    kind: 'preference',
    method: 'dpo',
    lora: {},
    hyperparameters: { learningRate: 2e-5, epochs: 1, warmupShare: 0.1 },
  },
  distil: { kind: 'chat', method: 'distillation', lora: { rank: 16, alpha: 32 }, hyperparameters: {} },
};

/** The aim that an order came from, as near as its method tells. */
export function aimOf(input: Pick<TrainingInput, 'method' | 'lora'>): TrainedAim {
  if (input.method === 'dpo') return 'preference';
  if (input.method === 'distillation') return 'distil';
  return input.lora.rank === plans.extract.lora.rank ? 'extract' : 'style';
}
