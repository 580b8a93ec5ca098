// Named sampling settings. A preset sets only what it is about; seed, length and stop sequences stay.
import type { Parameters } from '../../../../../contracts/model.ts';

export const presetNames = ['precise', 'balanced', 'creative', 'code'] as const;
export type PresetName = (typeof presetNames)[number];

const shaping = [
  'temperature',
  'topP',
  'topK',
  'minP',
  'repeatPenalty',
  'presencePenalty',
  'frequencyPenalty',
] as const satisfies readonly (keyof Parameters)[];

export const presets: Record<PresetName, Parameters> = {
  precise: { temperature: 0.2, topP: 0.9 },
  balanced: { temperature: 0.7, topP: 0.95 },
  creative: { temperature: 1.1, topP: 0.98, presencePenalty: 0.3 },
  code: { temperature: 0.1, topP: 0.95 },
};

export function withPreset(parameters: Parameters, name: PresetName): Parameters {
  const kept = { ...parameters };
  for (const key of shaping) delete kept[key];
  return { ...kept, ...presets[name] };
}

/** The preset that these parameters are, or null: the model's defaults or a person's own. */
export function presetOf(parameters: Parameters): PresetName | null {
  return presetNames.find((name) => shaping.every((key) => parameters[key] === presets[name][key])) ?? null;
}

/** How many settings differ from the model's defaults. */
export function changedCount(parameters: Parameters): number {
  return Object.values(parameters).filter((value) => value !== undefined).length;
}

export interface ParameterRange {
  min: number;
  max: number;
  step: number;
  /** Where the slider stands while the model's own default holds. */
  rest: number;
}

export const ranges = {
  temperature: { min: 0, max: 2, step: 0.05, rest: 0.8 },
  topP: { min: 0.01, max: 1, step: 0.01, rest: 0.95 },
  topK: { min: 0, max: 200, step: 1, rest: 40 },
  minP: { min: 0, max: 1, step: 0.01, rest: 0.05 },
  repeatPenalty: { min: 0.1, max: 2, step: 0.05, rest: 1 },
  presencePenalty: { min: -2, max: 2, step: 0.1, rest: 0 },
  frequencyPenalty: { min: -2, max: 2, step: 0.1, rest: 0 },
} as const satisfies Partial<Record<keyof Parameters, ParameterRange>>;
