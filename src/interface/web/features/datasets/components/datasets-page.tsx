// The datasets of the house: found, opened, begun.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import FileUp from 'lucide-react/icons/file-up';
import Plus from 'lucide-react/icons/plus';
import TableProperties from 'lucide-react/icons/table-properties';
import ThumbsUp from 'lucide-react/icons/thumbs-up';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../../../contracts/dataset.ts';
import { ImproveNav } from '../../../components/improve-nav.tsx';
import { Page, Rows } from '../../../components/page.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useDatasets } from '../../../lib/learning.ts';
import { useRights } from '../../../lib/session.ts';
import type { AddWay } from '../search.ts';
import { DatasetDialog } from './dataset-dialog.tsx';

/** From here on a search helps. */
const MANY = 6;

export function DatasetsPage() {
  const { t } = useTranslation(['datasets', 'common']);
  const navigate = useNavigate();
  const { q = '' } = useSearch({ from: '/improve/datasets' });
  const list = useDatasets();
  const mayChange = useRights().may('learning');
  /** What is opened next: nothing, or a way to fill the dataset that is begun. */
  const [making, setMaking] = useState<AddWay | 'empty' | null>(null);
  const wanted = q.trim().toLowerCase();
  const found = (list.data ?? []).filter(({ name, description }) =>
    [name, description].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <Page
      wide
      title={t('title')}
      lead={t('lead')}
      above={<ImproveNav />}
      action={
        mayChange && list.data?.length ? (
          <Button look="primary" icon={<Plus />} onClick={() => setMaking('empty')}>
            {t('new')}
          </Button>
        ) : null
      }
    >
      {list.data && list.data.length >= MANY ? (
        <Input
          type="search"
          className="mb-4"
          aria-label={t('search')}
          placeholder={t('search')}
          value={q}
          onChange={(event) =>
            void navigate({
              to: '/improve/datasets',
              search: event.target.value === '' ? {} : { q: event.target.value },
              replace: true,
            })
          }
        />
      ) : null}
      {list.error && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <SkeletonRows rows={4} label={t('common:loading')} className="h-[4.5rem]" />
      ) : list.data?.length === 0 ? (
        <EmptyState
          icon={<TableProperties />}
          title={t('empty.title')}
          text={t('empty.text')}
          action={
            mayChange ? (
              <span className="flex flex-wrap justify-center gap-2">
                <Button look="primary" icon={<ThumbsUp />} onClick={() => setMaking('ratings')}>
                  {t('empty.from_ratings')}
                </Button>
                <Button icon={<FileUp />} onClick={() => setMaking('file')}>
                  {t('empty.from_file')}
                </Button>
              </span>
            ) : null
          }
        />
      ) : found.length === 0 ? (
        <p className="py-8 text-center text-sm text-quiet">{t('none_found', { query: q })}</p>
      ) : (
        <Rows label={t('title')}>
          {found.map((dataset) => (
            <DatasetRow key={dataset.id} dataset={dataset} />
          ))}
        </Rows>
      )}
      {making ? (
        <DatasetDialog
          onClose={() => setMaking(null)}
          onSaved={({ id }) =>
            void navigate({
              to: '/improve/datasets/$id',
              params: { id },
              search: making === 'empty' ? {} : { add: making },
            })
          }
        />
      ) : null}
    </Page>
  );
}

function DatasetRow({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation('datasets');
  const format = useFormat();
  const { counts, versions } = dataset;
  return (
    <li>
      <Link
        to="/improve/datasets/$id"
        params={{ id: dataset.id }}
        className="flex flex-col gap-1 px-4 py-3 hover:bg-sunken"
      >
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="min-w-0 text-sm font-semibold break-words">{dataset.name}</span>
          <Badge>{t(`kind.${dataset.kind}`)}</Badge>
          {dataset.purpose === 'evaluation' ? <Badge tone="accent">{t('purpose.evaluation')}</Badge> : null}
          {counts.pending > 0 ? (
            <Badge tone="needs" dot>
              {t('row.pending', { count: counts.pending, n: format.whole(counts.pending) })}
            </Badge>
          ) : null}
        </span>
        {dataset.description ? (
          <span className="line-clamp-1 text-sm text-quiet">{dataset.description}</span>
        ) : null}
        <span className="text-xs text-quiet tabular">
          {[
            t('row.examples', { count: counts.total, n: format.whole(counts.total) }),
            versions.length === 0 ? t('row.versions_zero') : t('row.versions', { count: versions.length }),
            t('row.updated', { when: format.ago(dataset.updatedAt) }),
          ].join(' · ')}
        </span>
      </Link>
    </li>
  );
}
