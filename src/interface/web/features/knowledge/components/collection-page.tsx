// One collection: what is added to it, its documents, and a place to try the search.
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import Ellipsis from 'lucide-react/icons/ellipsis';
import MessageSquare from 'lucide-react/icons/message-square';
import Pencil from 'lucide-react/icons/pencil';
import Trash from 'lucide-react/icons/trash-2';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Collection } from '../../../../../contracts/knowledge.ts';
import { Page } from '../../../components/page.tsx';
import { buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { Tabs } from '../../../components/ui/tabs.tsx';
import { useCollection } from '../api/collection.ts';
import { AddMenu } from './add-menu.tsx';
import { CollectionDialog } from './collection-dialog.tsx';
import { CollectionState } from './collection-state.tsx';
import { Documents } from './documents.tsx';
import { SearchTest } from './search-test.tsx';
import { useAddFiles } from './use-add-files.ts';
import { useCollectionFacts } from './use-collection-facts.ts';
import { useDeleteCollection } from './use-delete-collection.ts';

export function CollectionPage() {
  const { t } = useTranslation(['knowledge', 'common']);
  const { collectionId } = useParams({ from: '/knowledge/$collectionId' });
  const found = useCollection(collectionId);
  if (found.data) return <Opened key={collectionId} collection={found.data} />;
  return (
    <Page title={t('title')} above={<Back />}>
      {found.error ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <SkeletonRows rows={6} label={t('common:loading')} />
      )}
    </Page>
  );
}

function Back() {
  const { t } = useTranslation('knowledge');
  return (
    <Link
      to="/knowledge"
      className="mb-2 inline-flex items-center gap-1.5 rounded-sm text-sm text-quiet hover:text-ink"
    >
      <ArrowLeft aria-hidden="true" className="size-4" />
      {t('title')}
    </Link>
  );
}

function Opened({ collection }: { collection: Collection }) {
  const { t } = useTranslation(['knowledge', 'common']);
  const navigate = useNavigate();
  const search = useSearch({ from: '/knowledge/$collectionId' });
  const facts = useCollectionFacts();
  const [editing, setEditing] = useState(false);
  const remove = useDeleteCollection(() => void navigate({ to: '/knowledge' }));
  const add = useAddFiles(collection.id);
  return (
    <Page
      wide
      title={collection.name}
      above={<Back />}
      lead={
        <>
          {collection.description === '' ? null : (
            <span className="mb-1 block">{collection.description}</span>
          )}
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="tabular">{facts(collection).join(' · ')}</span>
            <CollectionState collection={collection} />
          </span>
        </>
      }
      action={
        <>
          <Menu
            trigger={
              <IconButton
                label={t('collection.menu', { name: collection.name })}
                icon={<Ellipsis />}
                className="size-9"
              />
            }
            items={[
              { label: t('common:edit'), icon: <Pencil />, onSelect: () => setEditing(true) },
              null,
              {
                label: t('common:delete'),
                icon: <Trash />,
                danger: true,
                onSelect: () => remove(collection),
              },
            ]}
          />
          {collection.documents.ready > 0 ? (
            <Link
              to="/chat"
              search={{ knowledge: collection.id }}
              className={buttonClass('secondary', 'medium', 'max-sm:hidden')}
            >
              <MessageSquare aria-hidden="true" />
              {t('ask')}
            </Link>
          ) : null}
          <AddMenu collectionId={collection.id} onFiles={add} />
        </>
      }
    >
      <Tabs
        label={collection.name}
        value={search.tab ?? 'documents'}
        onChange={(tab) =>
          void navigate({
            to: '/knowledge/$collectionId',
            params: { collectionId: collection.id },
            search: tab === 'search' ? { ...search, tab } : {},
            replace: true,
          })
        }
        tabs={[
          {
            value: 'documents',
            label: t('tab.documents'),
            content: <Documents collection={collection} onFiles={add} />,
          },
          { value: 'search', label: t('tab.search'), content: <SearchTest collection={collection} /> },
        ]}
      />
      {editing ? <CollectionDialog collection={collection} onClose={() => setEditing(false)} /> : null}
    </Page>
  );
}
