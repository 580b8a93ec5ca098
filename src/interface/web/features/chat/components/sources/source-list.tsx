// Sources as cards that open their document at the passage.
import { useTranslation } from 'react-i18next';
import type { Source } from '../../../../../../contracts/knowledge.ts';
import { HitCard } from '../../../../components/document/hit-card.tsx';
import { useOpenSource } from './use-open-source.ts';

export interface SourceListProps {
  sources: readonly Source[];
  label: string;
  brief?: boolean;
  scores?: boolean;
}

export function SourceList({ sources, label, brief = false, scores = false }: SourceListProps) {
  const { t } = useTranslation('knowledge');
  const open = useOpenSource();
  return (
    <ol aria-label={label} className="flex flex-col gap-1.5">
      {sources.map((source) => (
        <li key={source.number}>
          <button
            type="button"
            title={t('answer.open', { title: source.title })}
            onClick={() => open(source)}
            className="block w-full rounded-md"
          >
            <HitCard hit={source} number={source.number} brief={brief} scores={scores} pale={!source.read} />
          </button>
        </li>
      ))}
    </ol>
  );
}
