// The versions of a dataset, newest first: what is in each, and what can be done with it.
import { Link } from '@tanstack/react-router';
import Download from 'lucide-react/icons/download';
import FlaskConical from 'lucide-react/icons/flask-conical';
import Layers from 'lucide-react/icons/layers';
import Scale from 'lucide-react/icons/scale';
import Tags from 'lucide-react/icons/tags';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset, DatasetVersion } from '../../../../../contracts/dataset.ts';
import { Rows } from '../../../components/page.tsx';
import { Button, buttonClass } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { Tooltip } from '../../../components/ui/tooltip.tsx';
import { useFormat } from '../../../lib/format.ts';
import { exportAddress, type FileShape, shapesOf } from '../lib/shapes.ts';

export interface VersionsViewProps {
  dataset: Dataset;
  mayChange: boolean;
  onFreeze: () => void;
}

export function VersionsView({ dataset, mayChange, onFreeze }: VersionsViewProps) {
  const { t } = useTranslation('datasets');
  const { versions } = dataset;
  return (
    <>
      {versions.length === 0 ? (
        <EmptyState
          icon={<Layers />}
          title={t('versions.empty')}
          text={t('versions.empty_text')}
          action={
            mayChange ? (
              <Button look="primary" disabled={dataset.counts.approved === 0} onClick={onFreeze}>
                {t('freeze.button')}
              </Button>
            ) : null
          }
        />
      ) : (
        <Rows label={t('view.versions')}>
          {versions.map((version) => (
            <Version key={version.version} dataset={dataset} version={version} />
          ))}
        </Rows>
      )}
      {dataset.counts.approved > 0 ? (
        <div className="mt-4 flex justify-end">
          <ExportMenu
            dataset={dataset}
            trigger={
              <Button size="small" look="quiet" icon={<Download />}>
                {t('versions.export_now')}
              </Button>
            }
          />
        </div>
      ) : null}
    </>
  );
}

function ExportMenu({
  dataset,
  version,
  trigger,
}: {
  dataset: Dataset;
  version?: number;
  trigger: ReactNode;
}) {
  const { t } = useTranslation('datasets');
  const save = (shape: FileShape) => {
    const link = document.createElement('a');
    link.href = exportAddress(dataset.id, shape, version);
    link.download = '';
    link.click();
  };
  return (
    <Menu
      trigger={trigger}
      items={shapesOf[dataset.kind].map((shape) => ({
        label: t('versions.export_as', { shape: t(`import.shapes.${shape}`) }),
        onSelect: () => save(shape),
      }))}
    />
  );
}

function useLeftOut(): (version: DatasetVersion) => string | null {
  const { t } = useTranslation('datasets');
  const format = useFormat();
  return ({ leftOut }) => {
    if (!leftOut) return null;
    const { pending, duplicates, withoutConsent } = leftOut;
    const parts = [
      pending > 0 ? t('versions.left_pending', { count: pending, n: format.whole(pending) }) : null,
      duplicates > 0
        ? t('versions.left_duplicates', { count: duplicates, n: format.whole(duplicates) })
        : null,
      withoutConsent > 0
        ? t('versions.left_consent', { count: withoutConsent, n: format.whole(withoutConsent) })
        : null,
    ].filter((part) => part !== null);
    return parts.length === 0 ? null : t('versions.left_out', { what: parts.join(', ') });
  };
}

function Version({ dataset, version }: { dataset: Dataset; version: DatasetVersion }) {
  const { t } = useTranslation('datasets');
  const format = useFormat();
  const leftOut = useLeftOut()(version);
  const choice = { dataset: dataset.id, version: version.version };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 grow basis-72">
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
          <span className="font-semibold tabular">{t('versions.version', { version: version.version })}</span>
          <span className="min-w-0 break-words text-quiet">{version.note || t('versions.no_note')}</span>
        </p>
        <p className="text-xs text-quiet tabular">
          {t('row.examples', { count: version.examples, n: format.whole(version.examples) })}
          {' · '}
          {t('versions.splits', {
            train: format.whole(version.splits.train),
            validation: format.whole(version.splits.validation),
            test: format.whole(version.splits.test),
          })}
        </p>
        <p className="text-xs text-quiet tabular">
          {format.moment(version.createdAt)}
          {' · '}
          <Tooltip text={`${t('versions.hash')} (SHA-256)`}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip must be reachable by keyboard */}
            <span tabIndex={0} className="rounded-sm font-mono">
              {version.sha256.slice(0, 8)}
            </span>
          </Tooltip>
          {leftOut ? ` · ${leftOut}` : null}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {dataset.kind === 'labels' ? (
          <Link
            to="/improve/classifiers"
            search={{ new: dataset.id, version: version.version }}
            className={buttonClass('secondary', 'small')}
          >
            <Tags aria-hidden="true" />
            {t('versions.classifier')}
          </Link>
        ) : dataset.purpose === 'training' ? (
          <Link to="/improve/training/new" search={choice} className={buttonClass('secondary', 'small')}>
            <FlaskConical aria-hidden="true" />
            {t('versions.train')}
          </Link>
        ) : null}
        <Link to="/improve/evaluations/new" search={choice} className={buttonClass('secondary', 'small')}>
          <Scale aria-hidden="true" />
          {t('versions.evaluate')}
        </Link>
        <ExportMenu
          dataset={dataset}
          version={version.version}
          trigger={
            <Button size="small" look="quiet" icon={<Download />}>
              {t('versions.export')}
            </Button>
          }
        />
      </div>
    </li>
  );
}
