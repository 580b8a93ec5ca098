// Words for what speaks against a start, by its code. A code that has none, or whose values are missing, is told as the
// program said it.
import type { i18n } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrainingConcern } from '../../../../../contracts/training.ts';
import { createFormat } from '../../../lib/format.ts';
import { roughly } from './series.ts';

export interface ConcernText {
  title: string;
  /** What to do. */
  next: string | null;
  /** What the program said, where the page has words of its own. */
  technical: string | null;
}

export function concernText(words: i18n, { code, message, data }: TrainingConcern): ConcernText {
  const format = createFormat(words.language);
  const shown: Record<string, unknown> = Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (typeof value !== 'number') return [key, value];
      if (/bytes$/i.test(key)) return [key, format.size(value)];
      return [key, /seconds$/i.test(key) ? format.duration(roughly(value) * 1000) : format.whole(value)];
    }),
  );
  // i18next chooses between one and many by the number `count`; what is written is `n`.
  const count = [data.count, data.train].find((value): value is number => typeof value === 'number');
  const values: Record<string, unknown> = {
    ...shown,
    count,
    n: count === undefined ? undefined : format.whole(count),
  };
  const say = (part: string): string | null => {
    const key = `concern.${code}.${part}`;
    const sentence: unknown =
      words.getResource(words.language, 'training', key) ??
      words.getResource(words.language, 'training', `${key}_other`);
    if (typeof sentence !== 'string') return null;
    const holes = [...sentence.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? '');
    if (holes.some((hole) => values[hole] === undefined || values[hole] === null)) return null;
    return String(words.t(key as never, { ns: 'training', ...values } as never));
  };
  const title = say('title');
  return title === null
    ? { title: message, next: null, technical: null }
    : { title, next: say('next'), technical: message };
}

export function useConcernText(): (concern: TrainingConcern) => ConcernText {
  const { i18n: words } = useTranslation('training');
  return useCallback((concern: TrainingConcern) => concernText(words, concern), [words]);
}
