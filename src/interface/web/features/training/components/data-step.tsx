// Step 2: the dataset and its version, with what is in it.
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import ArrowUpRight from 'lucide-react/icons/arrow-up-right';
import { useTranslation } from 'react-i18next';
import { type Dataset, splits } from '../../../../../contracts/dataset.ts';
import { buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { type Aim, plans } from '../lib/aims.ts';
import { Step } from './step.tsx';

export interface DataStepProps {
  aim: Aim | undefined;
  datasets: UseQueryResult<Dataset[]>;
  dataset: Dataset | undefined;
  version: number | undefined;
  onChange: (change: { dataset?: string; version?: number }) => void;
}

export function DataStep({ aim, datasets, dataset, version, onChange }: DataStepProps) {
  const { t } = useTranslation(['training', 'common']);
  const format = useFormat();
  const kind = aim === undefined || aim === 'classify' ? null : plans[aim].kind;
  const fitting = (datasets.data ?? []).filter(
    (one) => one.purpose === 'training' && (kind === null ? one.kind !== 'labels' : one.kind === kind),
  );
  const frozen = fitting.filter(({ versions }) => versions.length > 0);
  const unfrozen = fitting.filter(({ versions }) => versions.length === 0);
  const chosen = dataset?.versions.find((one) => one.version === version);
  const date = (at: number) => format.day(at);
  return (
    <Step
      number={2}
      title={t('step.data')}
      lead={kind === 'preference' ? t('step.data_pairs') : t('step.data_lead')}
    >
      {datasets.data ? null : datasets.error ? (
        <ErrorState error={datasets.error} onRetry={() => void datasets.refetch()} />
      ) : (
        <SkeletonRows rows={1} label={t('common:loading')} />
      )}
      {datasets.data && frozen.length === 0 ? (
        <div className="rounded-md border border-line bg-sunken px-4 py-3">
          <p className="text-sm">{unfrozen.length > 0 ? t('data.unfrozen') : t('data.none')}</p>
          {unfrozen[0] ? (
            <Link
              to="/improve/datasets/$id"
              params={{ id: unfrozen[0].id }}
              className={buttonClass('secondary', 'small', 'mt-3')}
            >
              {t('data.freeze', { name: unfrozen[0].name })}
            </Link>
          ) : (
            <Link to="/improve/datasets" className={buttonClass('secondary', 'small', 'mt-3')}>
              {t('data.make')}
            </Link>
          )}
        </div>
      ) : null}
      {frozen.length > 0 ? (
        <div className="flex flex-col gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('dataset')}>
              {(control) => (
                <Select
                  {...control}
                  value={dataset?.id ?? ''}
                  onChange={(id) => {
                    const newest = frozen.find((one) => one.id === id)?.versions[0]?.version;
                    onChange({ dataset: id, ...(newest ? { version: newest } : {}) });
                  }}
                  placeholder={t('choose')}
                  options={frozen.map((one) => ({
                    value: one.id,
                    label: one.name,
                    hint: t('data.versions', {
                      count: one.versions.length,
                      n: format.whole(one.versions.length),
                    }),
                  }))}
                />
              )}
            </Field>
            {dataset ? (
              <Field label={t('data.version')}>
                {(control) => (
                  <Select
                    {...control}
                    value={String(version ?? '')}
                    onChange={(next) => onChange({ version: Number(next) })}
                    options={dataset.versions.map((one) => ({
                      value: String(one.version),
                      label: t('version', { version: one.version }),
                      hint: [date(one.createdAt), one.note].filter((part) => part !== '').join(' · '),
                    }))}
                  />
                )}
              </Field>
            ) : null}
          </div>
          {chosen ? (
            <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2 rounded-md border border-line bg-raised px-4 py-3">
              <dl className="flex flex-wrap gap-x-6 gap-y-1">
                {splits.map((split) => (
                  <div key={split} title={t(`split_hint.${split}`)} className="flex items-baseline gap-1.5">
                    <dd className="tabular text-sm font-semibold">
                      {format.whole(chosen.splits[split] ?? 0)}
                    </dd>
                    <dt className="text-sm text-quiet">{t(`split.${split}`)}</dt>
                  </div>
                ))}
              </dl>
              <Link
                to="/improve/datasets/$id"
                params={{ id: chosen.datasetId }}
                className="inline-flex items-center gap-1 text-sm text-accent hover:underline"
              >
                {t('data.open')}
                <ArrowUpRight className="size-4" aria-hidden="true" />
              </Link>
            </div>
          ) : null}
        </div>
      ) : null}
    </Step>
  );
}
