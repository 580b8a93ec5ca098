// Words for what a run or an app says about its work, in the person's language, by its code; without one, what it said.
import type { i18n } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Notice } from '../../../contracts/notice.ts';
import { createFormat } from './format.ts';

function shown(data: NonNullable<Notice['data']>, language: string): Record<string, string> {
  const format = createFormat(language);
  const languages = new Intl.DisplayNames(language, { type: 'language' });
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      typeof value === 'number'
        ? format.number(value)
        : key === 'language'
          ? (languages.of(value) ?? value)
          : value,
    ]),
  );
}

export function noticeText(words: i18n, { code, message, data = {} }: Notice): string {
  const sentence: unknown = code === undefined ? null : words.getResource(words.language, 'notices', code);
  // A code of a newer program has no words here.
  if (typeof sentence !== 'string') return message;
  return String(words.t(code as never, { ns: 'notices', ...shown(data, words.language) } as never));
}

/** `noticeText` in the language of the page. */
export function useNoticeText(): (notice: Notice) => string {
  const { i18n } = useTranslation('notices');
  return useCallback((notice: Notice) => noticeText(i18n, notice), [i18n]);
}
