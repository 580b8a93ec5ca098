// The documents of a collection: where more are dropped, how far the reading is, and the list with its search.
import SearchX from 'lucide-react/icons/search-x';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type Collection,
  documentStatuses,
  type KnowledgeDocument,
} from '../../../../../contracts/knowledge.ts';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useRemoved } from '../../../lib/knowledge/removals.ts';
import { useDocumentList } from '../api/list-documents.ts';
import { DocumentTable } from './document-table.tsx';
import { DropZone } from './drop-zone.tsx';
import { ReadingTasks } from './reading-tasks.tsx';
import { UploadNotices } from './upload-notices.tsx';
import type { AddFiles } from './use-add-files.ts';

const ANY = 'any';

export function Documents({ collection, onFiles }: { collection: Collection; onFiles: AddFiles }) {
  const { t } = useTranslation(['knowledge', 'common']);
  const format = useFormat();
  const [text, setText] = useState('');
  const [status, setStatus] = useState<KnowledgeDocument['status'] | null>(null);
  const query = useDeferredValue(text.trim());
  const list = useDocumentList(collection.id, { query, status });
  const removed = useRemoved();
  const documents = list.data?.filter(({ id }) => !removed.has(id));
  const filtered = query !== '' || status !== null;
  const bare = documents?.length === 0 && !filtered && collection.documents.total === 0;
  return (
    <div className="flex flex-col gap-4">
      <DropZone tall={bare} onFiles={onFiles} />
      <UploadNotices collectionId={collection.id} />
      <ReadingTasks collectionId={collection.id} />
      {collection.documents.total > 0 || filtered ? (
        <search className="flex flex-wrap items-center gap-2">
          <Input
            type="search"
            aria-label={t('list.search')}
            placeholder={t('list.search')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="w-full! sm:w-72!"
          />
          <Select
            label={t('list.status')}
            className="w-auto! min-w-40"
            value={status ?? ANY}
            onChange={(next) => setStatus(next === ANY ? null : next)}
            options={[
              { value: ANY, label: t('list.any_status') },
              ...documentStatuses.map((value) => ({ value, label: t(`status.${value}`) })),
            ]}
          />
        </search>
      ) : null}
      {list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <SkeletonRows rows={6} label={t('common:loading')} className="h-14" /> : null}
      {documents?.length === 0 && filtered ? (
        <EmptyState
          icon={<SearchX />}
          title={t('list.no_match')}
          text={t('list.no_match_text')}
          action={
            <Button
              onClick={() => {
                setText('');
                setStatus(null);
              }}
            >
              {t('list.clear')}
            </Button>
          }
        />
      ) : null}{' '}
      {documents && documents.length > 0 ? (
        <div className={list.isPlaceholderData ? 'opacity-60' : undefined}>
          <DocumentTable documents={documents} label={collection.name} />
          <div className="mt-4 flex items-center justify-between gap-4">
            <p className="tabular text-xs text-quiet">
              {t('list.shown', { count: documents.length, n: format.whole(documents.length) })}
            </p>
            {list.hasNextPage ? (
              <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t('list.more')}
              </Button>
            ) : null}
          </div>
        </div>
      ) : null}
    </div>
  );
}
