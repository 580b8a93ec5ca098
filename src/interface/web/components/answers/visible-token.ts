// A token so that its blanks can be seen.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

export function visibleToken(token: string): string {
  return (
    token
      .replaceAll('\n', '⏎')
      .replaceAll('\t', '⇥')
      .replace(/^ +| +$/g, (blanks) => '␣'.repeat(blanks.length))
      // What leaves no mark is told by its number.
      .replace(/[\p{C}\p{Zs}]/gu, (sign) =>
        sign === ' ' ? sign : `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
      )
  );
}

export function useVisibleToken(): (token: string) => string {
  const { t } = useTranslation('playground');
  return useCallback((token: string) => (token === '' ? t('tokens.empty') : visibleToken(token)), [t]);
}
