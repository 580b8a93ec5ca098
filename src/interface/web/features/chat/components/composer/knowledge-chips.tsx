// The collections that answers are drawn from, each with a way to leave it out.
import { Link } from '@tanstack/react-router';
import Library from 'lucide-react/icons/library';
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import { useCollections } from '../../../../lib/knowledge/collections.ts';

export interface KnowledgeChipsProps {
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

export function KnowledgeChips({ chosen, onChange }: KnowledgeChipsProps) {
  const { t } = useTranslation('knowledge');
  const collections = useCollections().data;
  return (
    <ul aria-label={t('chat.list')} className="flex flex-wrap gap-1.5 px-3 pt-3">
      {chosen.map((id) => {
        const name =
          collections?.find((collection) => collection.id === id)?.name ??
          (collections ? t('chat.gone') : '…');
        return (
          <li
            key={id}
            className="inline-flex h-7 max-w-56 items-center gap-1.5 rounded-full bg-accent-soft pr-1 pl-2.5 text-xs text-accent"
          >
            <Library aria-hidden="true" className="size-3.5 shrink-0" />
            <Link
              to="/knowledge/$collectionId"
              params={{ collectionId: id }}
              className="truncate rounded-sm hover:underline"
            >
              {name}
            </Link>
            <button
              type="button"
              aria-label={t('chat.remove', { name })}
              onClick={() => onChange(chosen.filter((other) => other !== id))}
              className="rounded-full p-1 hover:bg-pressed"
            >
              <X aria-hidden="true" className="size-3" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
