// Which judges a kind of data has a use for, and what each starts with.
import type { DatasetKind } from '../../../../../contracts/dataset.ts';
import type { Judge } from '../../../../../contracts/evaluation.ts';

export type JudgeType = Judge['type'];

/** The first is the one that fits most often. */
export const judgesOf: Record<DatasetKind, readonly JudgeType[]> = {
  chat: ['f1', 'chrf', 'exact', 'json', 'model'],
  preference: ['preference', 'model'],
  labels: ['choice', 'exact'],
};

export function newJudge(type: JudgeType, rubric: string): Judge {
  switch (type) {
    case 'exact':
      return { type, ignoreCase: true };
    case 'json':
      return { type, fields: [] };
    case 'choice':
      return { type, labels: [] };
    case 'model':
      return { type, model: 'default', rubric, max: 5 };
    default:
      return { type };
  }
}

/** Words of a field that holds several, one a line or between commas. */
export const listOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
