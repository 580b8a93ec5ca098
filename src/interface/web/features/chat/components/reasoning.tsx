// What a model thought before it answered: one line, opened on demand.
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../lib/format.ts';

export interface ReasoningProps {
  text: string;
  /** null: not known (an answer read back from the store). */
  milliseconds: number | null;
  open: boolean;
}

export function Reasoning({ text, milliseconds, open }: ReasoningProps) {
  const { t } = useTranslation('chat');
  const format = useFormat();
  const title = open
    ? t('reasoning.now')
    : milliseconds === null
      ? t('reasoning.title')
      : t('reasoning.took', { time: format.duration(milliseconds) });
  return (
    <details className="mb-3 max-w-[72ch] text-sm text-quiet">
      <summary className="w-fit rounded-sm hover:text-ink">{title}</summary>
      <p className="mt-2 border-l-2 border-line pl-4 whitespace-pre-wrap">{text}</p>
    </details>
  );
}
