// An order for a training while it is being made. Only what a person changed is kept: the rest follows from the aim.
import {
  type Hyperparameters,
  hyperparametersSchema,
  type Lora,
  loraSchema,
  type TrainingInput,
  trainingInputSchema,
} from '../../../../../contracts/training.ts';
import { type Aim, plans, type TrainedAim } from './aims.ts';

export interface TrainingDraft {
  /** null: the suggested one. */
  name: string | null;
  adaptation: TrainingInput['adaptation'];
  teacher: string | null;
  lora: Partial<Lora>;
  hyperparameters: Partial<Hyperparameters>;
  samplePrompts: string[];
}

export const emptyDraft: TrainingDraft = {
  name: null,
  adaptation: 'lora',
  teacher: null,
  lora: {},
  hyperparameters: {},
  samplePrompts: [],
};

const KEY = 'atelier.training-draft';

/** What was begun in this tab; a reload finds it again. */
export function loadDraft(): TrainingDraft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return typeof kept === 'object' && kept !== null ? { ...emptyDraft, ...kept } : emptyDraft;
  } catch {
    return emptyDraft;
  }
}

export function keepDraft(draft: TrainingDraft | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // A window that keeps nothing begins anew after a reload.
  }
}

export function settingsOf(
  aim: TrainedAim,
  draft: TrainingDraft,
): { lora: Lora; hyperparameters: Hyperparameters } {
  const plan = plans[aim];
  return {
    lora: { ...loraSchema.parse({}), ...plan.lora, ...draft.lora },
    hyperparameters: {
      ...hyperparametersSchema.parse({}),
      // A whole model takes smaller steps than an adapter that starts from nothing.
      ...(draft.adaptation === 'full' ? { learningRate: 2e-5 } : {}),
      ...plan.hyperparameters,
      ...draft.hyperparameters,
    },
  };
}

/** The same order once more, to be changed. */
export function draftOf(input: TrainingInput): TrainingDraft {
  return {
    name: null,
    adaptation: input.adaptation,
    teacher: input.teacher,
    lora: input.lora,
    hyperparameters: input.hyperparameters,
    samplePrompts: input.samplePrompts,
  };
}

export const nameSchema = trainingInputSchema.shape.name;

/** "Réponses du support" and what is taken -> reponses-du-support-2 */
export function suggestName(dataset: string | undefined, taken: readonly string[]): string {
  const slug = (dataset ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[^a-z0-9]+|[-.]+$/g, '')
    .slice(0, 56);
  const stem = slug === '' ? 'tuned' : slug;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? stem : `${stem}-${number}`;
    if (!taken.includes(name)) return name;
  }
}

export interface Choice {
  aim?: Aim | undefined;
  dataset?: string | undefined;
  version?: number | undefined;
  base?: string | undefined;
}

export const parts = ['aim', 'dataset', 'base', 'teacher', 'name'] as const;
export type Part = (typeof parts)[number];

/** The order as far as it is made, and what it still lacks. Without the name it can be estimated already. */
export function orderOf(
  { aim, dataset, version, base }: Choice,
  draft: TrainingDraft,
  suggested: string,
): { input: TrainingInput | null; missing: Part[] } {
  const missing: Part[] = [];
  if (aim === undefined || aim === 'classify') missing.push('aim');
  if (dataset === undefined || version === undefined) missing.push('dataset');
  if (base === undefined) missing.push('base');
  const teacher = aim === 'distil' ? draft.teacher : null;
  if (aim === 'distil' && teacher === null) missing.push('teacher');
  const named = nameSchema.safeParse(draft.name ?? suggested);
  if (!named.success) missing.push('name');
  if (
    aim === undefined ||
    aim === 'classify' ||
    dataset === undefined ||
    version === undefined ||
    base === undefined
  )
    return { input: null, missing };
  if (missing.includes('teacher')) return { input: null, missing };
  return {
    missing,
    input: {
      name: named.success ? named.data : suggested,
      base,
      dataset: { id: dataset, version },
      method: plans[aim].method,
      adaptation: draft.adaptation,
      ...settingsOf(aim, draft),
      teacher,
      samplePrompts: draft.samplePrompts.map((one) => one.trim()).filter((one) => one !== ''),
    },
  };
}
