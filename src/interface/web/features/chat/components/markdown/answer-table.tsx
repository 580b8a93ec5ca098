// A table of an answer: wider than the text if it must be, and scrolled sideways, also by keyboard.
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';

export function AnswerTable({ children }: ComponentProps<'table'>) {
  const { t } = useTranslation('chat');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="answer-wide overflow-x-auto" aria-label={t('table')} tabIndex={0}>
      <table>{children}</table>
    </section>
  );
}
