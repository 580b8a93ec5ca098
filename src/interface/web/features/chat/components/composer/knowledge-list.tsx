// All collections, each chosen or not.
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import ArrowRight from 'lucide-react/icons/arrow-right';
import Check from 'lucide-react/icons/check';
import Library from 'lucide-react/icons/library';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../../lib/format.ts';
import { useCollections } from '../../../../lib/knowledge/collections.ts';
import { rowClass } from './row-class.ts';

export interface KnowledgeListProps {
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  onLeave: () => void;
}

export function KnowledgeList({ chosen, onChange, onLeave }: KnowledgeListProps) {
  const { t } = useTranslation(['knowledge', 'common']);
  const format = useFormat();
  const navigate = useNavigate();
  const collections = useCollections();
  if (collections.isPending) return <SkeletonRows rows={3} label={t('common:loading')} />;
  if (collections.isError)
    return <ErrorState error={collections.error} onRetry={() => void collections.refetch()} />;
  return (
    <Command label={t('chat.choose')} className="flex max-h-[min(24rem,60dvh)] flex-col">
      <Command.Input
        autoFocus
        placeholder={t('search_collections')}
        className="h-10 w-full shrink-0 border-b border-line bg-transparent px-3.5 text-sm outline-none"
      />
      <Command.List className="overflow-y-auto p-1">
        {collections.data.length === 0 ? (
          <p className="px-2.5 py-4 text-sm text-quiet">{t('chat.none')}</p>
        ) : (
          <Command.Empty className="px-2.5 py-4 text-center text-sm text-quiet">
            {t('no_match')}
          </Command.Empty>
        )}
        {collections.data.map((collection) => {
          const isChosen = chosen.includes(collection.id);
          return (
            <Command.Item
              key={collection.id}
              value={`${collection.name} ${collection.description} ${collection.id}`}
              onSelect={() =>
                onChange(isChosen ? chosen.filter((id) => id !== collection.id) : [...chosen, collection.id])
              }
              className={rowClass}
            >
              <Library aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-quiet" />
              <span className="min-w-0 grow">
                <span className="block truncate">{collection.name}</span>
                <span className="block text-xs text-quiet">
                  {collection.documents.total === 0
                    ? t('no_documents')
                    : t('documents', {
                        count: collection.documents.total,
                        n: format.whole(collection.documents.total),
                      })}
                </span>
              </span>
              {isChosen ? (
                <>
                  <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-accent" />
                  <span className="sr-only">{t('chat.chosen')}</span>
                </>
              ) : null}
            </Command.Item>
          );
        })}
        <Command.Item
          value={`> ${t('chat.open')}`}
          onSelect={() => {
            onLeave();
            void navigate({ to: '/knowledge' });
          }}
          className={rowClass}
        >
          <ArrowRight aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-quiet" />
          {t('chat.open')}
        </Command.Item>
      </Command.List>
    </Command>
  );
}
