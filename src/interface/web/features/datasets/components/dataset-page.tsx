// One dataset: its examples under review, its versions, and the ways in and out.
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import Ellipsis from 'lucide-react/icons/ellipsis';
import EyeOff from 'lucide-react/icons/eye-off';
import FileUp from 'lucide-react/icons/file-up';
import Inbox from 'lucide-react/icons/inbox';
import ListTree from 'lucide-react/icons/list-tree';
import PenLine from 'lucide-react/icons/pen-line';
import Pencil from 'lucide-react/icons/pencil';
import Plus from 'lucide-react/icons/plus';
import Snowflake from 'lucide-react/icons/snowflake';
import ThumbsUp from 'lucide-react/icons/thumbs-up';
import Trash2 from 'lucide-react/icons/trash-2';
import UserSearch from 'lucide-react/icons/user-search';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../../../contracts/dataset.ts';
import { Page } from '../../../components/page.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../../components/ui/menu.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { Tabs } from '../../../components/ui/tabs.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useRights } from '../../../lib/session.ts';
import { useAddExample } from '../../../lib/take-example.ts';
import { useFileDrop } from '../../../lib/use-file-drop.ts';
import { useExamplesAgain } from '../api/change-examples.ts';
import { useDataset } from '../api/dataset.ts';
import type { AddWay } from '../search.ts';
import { CollectDialog } from './collect-dialog.tsx';
import { DatasetDialog } from './dataset-dialog.tsx';
import { DetectorLine } from './detector-line.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { FreezeDialog } from './freeze-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { NamesDialog } from './names-dialog.tsx';
import { RedactDialog } from './redact-dialog.tsx';
import { ReviewView } from './review-view.tsx';
import { useDeleteDataset } from './use-delete-dataset.ts';
import { VersionsView } from './versions-view.tsx';

function Back() {
  const { t } = useTranslation('datasets');
  return (
    <Link
      to="/improve/datasets"
      className="mb-3 inline-flex items-center gap-1.5 rounded-sm text-sm text-quiet hover:text-ink"
    >
      <ArrowLeft className="size-4" aria-hidden="true" />
      {t('back')}
    </Link>
  );
}

export function DatasetPage() {
  const { t } = useTranslation(['datasets', 'common']);
  const { id: datasetId } = useParams({ from: '/improve/datasets/$id' });
  const { data, error, refetch } = useDataset(datasetId);
  if (data) return <DatasetView key={data.id} dataset={data} />;
  return (
    <Page wide title={t('title')} above={<Back />}>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={6} label={t('common:loading')} />
      )}
    </Page>
  );
}

type OpenDialog = 'freeze' | 'names' | 'redact' | 'words' | null;

function DatasetView({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation(['datasets', 'common']);
  const format = useFormat();
  const navigate = useNavigate();
  const search = useSearch({ from: '/improve/datasets/$id' });
  const mayChange = useRights().may('learning');
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const [dropped, setDropped] = useState<readonly File[]>([]);
  const remove = useDeleteDataset(() => void navigate({ to: '/improve/datasets' }));
  const add = useAddExample();
  const again = useExamplesAgain(dataset.id);
  const { counts } = dataset;
  const view = search.view ?? 'review';

  /** A dialog of its own address: a new dataset begins with one. */
  const openWay = (way: AddWay | null) => {
    const { add: _, ...was } = search;
    void navigate({
      to: '/improve/datasets/$id',
      params: { id: dataset.id },
      search: { ...was, ...(way === null ? {} : { add: way }) },
      replace: true,
      resetScroll: false,
    });
  };
  const closeWay = () => {
    setDropped([]);
    openWay(null);
  };
  const show = (next: 'review' | 'versions') =>
    void navigate({
      to: '/improve/datasets/$id',
      params: { id: dataset.id },
      search: next === 'versions' ? { view: 'versions' } : {},
      replace: true,
    });
  const over = useFileDrop((files) => {
    if (!mayChange) return;
    files.then(
      (picked) => {
        if (picked.length === 0) return;
        setDropped(picked.map(({ file }) => file));
        openWay('file');
      },
      (error: unknown) => toast({ title: String(error), tone: 'failed' }),
    );
  });
  const ways: MenuItem[] = [
    { label: t('add.ratings'), icon: <ThumbsUp />, onSelect: () => openWay('ratings') },
    { label: t('add.traces'), icon: <ListTree />, onSelect: () => openWay('traces') },
    { label: t('add.file'), icon: <FileUp />, onSelect: () => openWay('file') },
    { label: t('add.hand'), icon: <PenLine />, onSelect: () => openWay('hand') },
  ].filter((_, index) => dataset.kind !== 'labels' || index >= 2);
  const addMenu = (look: 'primary' | 'secondary') => (
    <Menu
      trigger={
        <Button look={look} icon={<Plus />}>
          {t('add.button')}
        </Button>
      }
      items={ways}
    />
  );
  const freeze = () => setDialog('freeze');
  return (
    <Page
      wide
      title={dataset.name}
      above={<Back />}
      lead={
        <>
          {dataset.description ? <p>{dataset.description}</p> : null}
          <p className="mt-1 flex flex-wrap items-center gap-1.5 tabular">
            <Badge>{t(`kind.${dataset.kind}`)}</Badge>
            <Badge tone={dataset.purpose === 'evaluation' ? 'accent' : 'neutral'}>
              {t(`purpose.${dataset.purpose}`)}
            </Badge>
            <span>{t('row.examples', { count: counts.total, n: format.whole(counts.total) })}</span>
            {counts.pending > 0 ? (
              <Badge tone="needs" dot>
                {t('row.pending', { count: counts.pending, n: format.whole(counts.pending) })}
              </Badge>
            ) : null}
          </p>
        </>
      }
      action={
        mayChange ? (
          <>
            {counts.total > 0 ? (
              <>
                <span className="max-sm:hidden">{addMenu('secondary')}</span>
                <Button look="primary" icon={<Snowflake />} disabled={counts.approved === 0} onClick={freeze}>
                  <span className="max-sm:sr-only">{t('freeze.button')}</span>
                </Button>
              </>
            ) : null}
            <Menu
              trigger={<IconButton label={t('common:more')} icon={<Ellipsis />} />}
              items={[
                ...ways,
                null,
                {
                  label: t('names.title'),
                  icon: <UserSearch />,
                  disabled: counts.total === 0,
                  onSelect: () => setDialog('names'),
                },
                {
                  label: t('redact.title'),
                  icon: <EyeOff />,
                  disabled: counts.withFindings === 0,
                  onSelect: () => setDialog('redact'),
                },
                { label: t('form.edit'), icon: <Pencil />, onSelect: () => setDialog('words') },
                null,
                {
                  label: t('common:delete'),
                  icon: <Trash2 />,
                  danger: true,
                  onSelect: () => remove(dataset),
                },
              ]}
            />
          </>
        ) : null
      }
    >
      {over && mayChange ? (
        <p
          role="status"
          className="pointer-events-none fixed inset-4 z-30 flex items-center justify-center rounded-md border-2 border-dashed border-accent bg-accent-soft text-lg font-semibold text-accent md:left-60"
        >
          {t('import.drop')}
        </p>
      ) : null}
      <Tabs
        label={t('views')}
        value={view}
        onChange={show}
        tabs={[
          {
            value: 'review',
            label: t('view.review'),
            content:
              counts.total === 0 ? (
                <EmptyState
                  icon={<Inbox />}
                  title={t('review.empty')}
                  text={t('review.empty_text')}
                  action={mayChange ? addMenu('primary') : null}
                />
              ) : (
                <>
                  <ReviewView dataset={dataset} search={search} mayChange={mayChange} />
                  <Detectors
                    dataset={dataset}
                    mayChange={mayChange}
                    onNames={() => setDialog('names')}
                    onRedact={() => setDialog('redact')}
                  />
                </>
              ),
          },
          {
            value: 'versions',
            label: (
              <>
                {t('view.versions')}{' '}
                <span className="font-normal tabular">{format.whole(dataset.versions.length)}</span>
              </>
            ),
            content: <VersionsView dataset={dataset} mayChange={mayChange} onFreeze={freeze} />,
          },
        ]}
      />
      {mayChange && search.add === 'file' ? (
        <ImportDialog dataset={dataset} dropped={dropped} onClose={closeWay} />
      ) : null}
      {mayChange && (search.add === 'ratings' || search.add === 'traces') ? (
        <CollectDialog
          dataset={dataset}
          from={search.add}
          onClose={closeWay}
          onReview={() =>
            void navigate({
              to: '/improve/datasets/$id',
              params: { id: dataset.id },
              search: { status: 'pending' },
              replace: true,
            })
          }
        />
      ) : null}
      {mayChange && search.add === 'hand' ? (
        <EditDialog
          kind={dataset.kind}
          onClose={closeWay}
          onSave={async (body) => {
            await add.mutateAsync({ datasetId: dataset.id, body });
            again();
            toast({ title: t('add.added'), durationMs: 2500 });
          }}
        />
      ) : null}
      {dialog === 'freeze' ? (
        <FreezeDialog
          dataset={dataset}
          onRedact={() => setDialog('redact')}
          onFrozen={() => show('versions')}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'names' ? <NamesDialog dataset={dataset} onClose={() => setDialog(null)} /> : null}
      {dialog === 'redact' ? <RedactDialog dataset={dataset} onClose={() => setDialog(null)} /> : null}
      {dialog === 'words' ? <DatasetDialog dataset={dataset} onClose={() => setDialog(null)} /> : null}
    </Page>
  );
}

function Detectors({
  dataset,
  mayChange,
  onNames,
  onRedact,
}: {
  dataset: Dataset;
  mayChange: boolean;
  onNames: () => void;
  onRedact: () => void;
}) {
  const { t } = useTranslation('datasets');
  return (
    <div className="mt-3 flex flex-wrap items-start justify-between gap-x-6 gap-y-2 text-xs text-quiet">
      <DetectorLine dataset={dataset} />
      {mayChange ? (
        <div className="flex flex-wrap gap-2">
          <Button size="small" look="quiet" icon={<UserSearch />} onClick={onNames}>
            {t('names.button')}
          </Button>
          {dataset.counts.withFindings > 0 ? (
            <Button size="small" look="quiet" icon={<EyeOff />} onClick={onRedact}>
              {t('redact.button')}
            </Button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
