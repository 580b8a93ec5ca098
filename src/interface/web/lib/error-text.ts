// Words for an error, in the person's language, by its code. The English message of the program stays one click away.
import type { i18n } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AtelierError,
  type ErrorBody,
  errorFromBody,
  toAtelierError,
} from '../../../contracts/errors.ts';
import { createFormat } from './format.ts';

export interface ErrorText {
  /** What happened. */
  title: string;
  /** What to do. */
  detail: string;
  /** What the program said, in English, with every value. */
  technical: string;
}

function isBody(value: unknown): value is ErrorBody {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Error) &&
    'code' in value &&
    'message' in value
  );
}

/** Anything that was thrown or stored as the error of a message, task or span. */
export function asError(value: unknown): AtelierError {
  return isBody(value) ? errorFromBody(value) : toAtelierError(value);
}

/** `{{names}}` of a sentence. */
function holes(sentence: string): string[] {
  return [...sentence.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? '');
}

/** Of a budget, in its own unit. */
const sums = new Set(['amount', 'spent', 'reserved']);

function shown(data: Record<string, unknown>, language: string): Record<string, unknown> {
  const format = createFormat(language);
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (typeof value !== 'number') return [key, Array.isArray(value) ? value.join(', ') : value];
      if (/At$/.test(key)) return [key, format.moment(value)];
      if (data.unit === 'money' && sums.has(key)) return [key, format.dollars(value)];
      return [key, /bytes$/i.test(key) ? format.bytes(value) : format.number(value)];
    }),
  );
}

export function errorText(words: i18n, value: unknown): ErrorText {
  const error = asError(value);
  const code = error.data.offline === true ? 'offline' : error.code;
  const data = shown(error.data, words.language);
  const say = (part: string): string | null => {
    const key = `${code}.${part}`;
    const sentence: unknown = words.getResource(words.language, 'errors', key);
    if (typeof sentence !== 'string') return null;
    if (holes(sentence).some((hole) => data[hole] === undefined || data[hole] === null)) return null;
    return String(words.t(key as never, { ns: 'errors', ...data } as never));
  };
  return {
    title: say('title') ?? error.message,
    detail: say(`with_${String(error.data.reason)}`) ?? say('with') ?? say('detail') ?? '',
    technical: error.message,
  };
}

/** `errorText` in the language of the page. */
export function useErrorText(): (value: unknown) => ErrorText {
  const { i18n } = useTranslation('errors');
  return useCallback((value: unknown) => errorText(i18n, value), [i18n]);
}
