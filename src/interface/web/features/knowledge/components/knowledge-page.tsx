// The Knowledge door: the collections of documents.
import { useNavigate } from '@tanstack/react-router';
import Library from 'lucide-react/icons/library';
import Plus from 'lucide-react/icons/plus';
import SearchX from 'lucide-react/icons/search-x';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Collection } from '../../../../../contracts/knowledge.ts';
import { Page, Rows } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useCollections } from '../../../lib/knowledge/collections.ts';
import { namesWith } from '../lib/names-with.ts';
import { CollectionDialog } from './collection-dialog.tsx';
import { CollectionRow } from './collection-row.tsx';
import { useDeleteCollection } from './use-delete-collection.ts';

/** With more than these a search field helps. */
const MANY = 8;

export function KnowledgePage() {
  const { t } = useTranslation(['knowledge', 'common']);
  const navigate = useNavigate();
  const list = useCollections();
  const remove = useDeleteCollection();
  const [editing, setEditing] = useState<Collection | 'new' | null>(null);
  const [search, setSearch] = useState('');
  const all = list.data ?? [];
  const shown = all.filter((collection) => namesWith(search, collection.name, collection.description));
  const begin = (
    <Button look="primary" icon={<Plus />} onClick={() => setEditing('new')}>
      {t('collection.new')}
    </Button>
  );
  return (
    <Page title={t('title')} lead={t('lead')} action={all.length > 0 ? begin : null}>
      {list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} className="mb-4" />
      ) : null}
      {list.isPending ? <SkeletonRows rows={4} label={t('common:loading')} className="h-[4.5rem]" /> : null}
      {list.data?.length === 0 ? (
        <EmptyState icon={<Library />} title={t('empty')} text={t('empty_text')} action={begin} />
      ) : null}
      {all.length > MANY ? (
        <Input
          type="search"
          aria-label={t('search_collections')}
          placeholder={t('search_collections')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="mb-4 sm:w-72!"
        />
      ) : null}
      {all.length > 0 && shown.length === 0 ? <EmptyState icon={<SearchX />} title={t('no_match')} /> : null}
      {shown.length > 0 ? (
        <Rows label={t('title')}>
          {shown.map((collection) => (
            <CollectionRow
              key={collection.id}
              collection={collection}
              onEdit={() => setEditing(collection)}
              onDelete={() => remove(collection)}
            />
          ))}
        </Rows>
      ) : null}
      {editing ? (
        <CollectionDialog
          {...(editing === 'new' ? {} : { collection: editing })}
          onClose={() => setEditing(null)}
          onSaved={(saved) => {
            if (editing === 'new')
              void navigate({ to: '/knowledge/$collectionId', params: { collectionId: saved.id } });
          }}
        />
      ) : null}
    </Page>
  );
}
