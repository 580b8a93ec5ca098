// The thresholds of a gate as a person sets them. A score is typed as it is shown, with a point or a comma.
import { type Gate, gateSchema } from '../../../../../contracts/evaluation.ts';

export type Threshold = 'minExamples' | 'minDifference' | 'maxWorseShare' | 'minScore';
export const thresholds = ['minExamples', 'minDifference', 'maxWorseShare', 'minScore'] as const;

export const newGate = (): Gate => gateSchema.parse({});

/** undefined: the threshold does not take it. */
export function readThreshold(name: Threshold, text: string): number | null | undefined {
  const trimmed = text.trim().replace(',', '.').replace('\u2212', '-');
  const read = gateSchema.shape[name].safeParse(
    trimmed === '' ? (name === 'minScore' ? null : Number.NaN) : Number(trimmed),
  );
  return read.success ? read.data : undefined;
}

export const writeThreshold = (value: number | null, language: string): string =>
  value === null ? '' : language === 'fr' ? String(value).replace('.', ',') : String(value);
