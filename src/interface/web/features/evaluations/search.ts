// What the addresses of evaluations may ask for: an order that is half made, and which examples of one are shown.
import { type Split, splits } from '../../../../contracts/dataset.ts';

export interface NewEvaluationSearch {
  dataset?: string;
  version?: number;
  split?: Split;
  /** Joined by commas; the first is what the others are compared with. */
  models?: string;
}

export const outcomes = ['better', 'worse', 'equal', 'failed'] as const;
export type Outcome = (typeof outcomes)[number];

export interface EvaluationSearch {
  /** Which subject's examples; the second unless told. */
  subject?: number;
  only?: Outcome;
}

const text = (value: unknown, most: number): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, most) : undefined;

export function readNewEvaluationSearch(search: Record<string, unknown>): NewEvaluationSearch {
  const dataset = text(search.dataset, 200);
  const models = text(search.models, 2000);
  const version = Number(search.version);
  const split = splits.find((one) => one === search.split);
  return {
    ...(dataset ? { dataset } : {}),
    ...(Number.isInteger(version) && version > 0 ? { version } : {}),
    ...(split ? { split } : {}),
    ...(models ? { models } : {}),
  };
}

export function readEvaluationSearch(search: Record<string, unknown>): EvaluationSearch {
  const only = outcomes.find((one) => one === search.only);
  const subject = Number(search.subject);
  return {
    ...(only ? { only } : {}),
    ...(search.subject !== undefined && Number.isInteger(subject) && subject >= 0 && subject < 16
      ? { subject }
      : {}),
  };
}
