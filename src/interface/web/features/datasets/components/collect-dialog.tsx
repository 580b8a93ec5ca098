// Examples out of what people asked and rated: from where, since when, of which model, and how many there are.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Choices } from '../../../components/ui/choices.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useModels } from '../../../lib/queries.ts';
import type { TraceCount } from '../../../lib/rated-answers.ts';
import { type CollectOrder, useCollect, useSourceCounts } from '../api/collect.ts';
import { ImportReportView } from './import-report.tsx';

type Since = 'all' | 'week' | 'month' | 'version';
const DAY = 86_400_000;
const ALL = 'all';

export interface CollectDialogProps {
  dataset: Dataset;
  from: CollectOrder['from'];
  onClose: () => void;
  /** To what was collected, which waits. */
  onReview: () => void;
}

export function CollectDialog({ dataset, from: first, onClose, onReview }: CollectDialogProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const format = useFormat();
  const models = useModels();
  const [from, setFrom] = useState(first);
  const [sinceWord, setSinceWord] = useState<Since>('all');
  const [model, setModel] = useState(ALL);
  const [rating, setRating] = useState<'all' | 'good' | 'bad'>('all');
  const [now] = useState(Date.now);
  const newest = dataset.versions[0];
  const since = {
    all: undefined,
    week: now - 7 * DAY,
    month: now - 30 * DAY,
    version: newest?.createdAt,
  }[sinceWord];
  const filter = useMemo(
    () => ({ ...(since === undefined ? {} : { since }), ...(model === ALL ? {} : { model }) }),
    [since, model],
  );
  const counts = useSourceCounts(filter);
  const collect = useCollect(dataset.id);
  const written = ({ count, more }: TraceCount) =>
    more ? t('collect.more_than', { n: format.whole(count) }) : format.whole(count);
  const { data } = counts;
  const amount = (of: 'ratings' | 'traces') =>
    !data
      ? counts.error
        ? ''
        : t('collect.counting')
      : of === 'ratings'
        ? t('collect.count', { good: written(data.good), bad: written(data.bad) })
        : t('collect.count_all', { n: written(data.all) });
  const start = () =>
    collect.mutate({
      from,
      ...filter,
      ...(from === 'ratings' && rating !== 'all' ? { rating: rating === 'good' ? 1 : -1 } : {}),
    });
  const done = collect.data !== undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !collect.isPending && onClose()}
      title={t(done ? 'report.title' : 'collect.title')}
      width="wide"
      {...(done ? {} : { description: t('collect.about') })}
      actions={
        done ? (
          <Button look="primary" onClick={collect.data.added > 0 ? onReview : onClose}>
            {t(collect.data.added > 0 ? 'report.review' : 'common:close')}
          </Button>
        ) : (
          <>
            <Button look="quiet" disabled={collect.isPending} onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button look="primary" busy={collect.isPending} onClick={start}>
              {t('collect.start')}
            </Button>
          </>
        )
      }
    >
      {done ? (
        <ImportReportView report={collect.data} name={dataset.name} />
      ) : (
        <div className="flex flex-col gap-5">
          <Choices
            label={t('collect.from')}
            value={from}
            onChange={setFrom}
            options={[
              {
                value: 'ratings',
                label: `${t('collect.ratings')} · ${amount('ratings')}`,
                about: t(
                  dataset.kind === 'preference' ? 'collect.ratings_preference' : 'collect.ratings_about',
                ),
              },
              {
                value: 'traces',
                label: `${t('collect.traces')} · ${amount('traces')}`,
                about: t('collect.traces_about'),
                disabled: dataset.kind === 'preference',
              },
            ]}
          />
          {counts.error ? <ErrorState error={counts.error} onRetry={() => void counts.refetch()} /> : null}
          <div className="grid gap-4 sm:grid-cols-3">
            <Field label={t('collect.since')}>
              {(control) => (
                <Select<Since>
                  {...control}
                  value={sinceWord}
                  onChange={setSinceWord}
                  options={[
                    { value: 'all', label: t('collect.since_all') },
                    ...(newest
                      ? [
                          {
                            value: 'version' as const,
                            label: t('collect.since_version', { version: newest.version }),
                          },
                        ]
                      : []),
                    { value: 'week', label: t('collect.since_week') },
                    { value: 'month', label: t('collect.since_month') },
                  ]}
                />
              )}
            </Field>
            <Field label={t('collect.model')}>
              {(control) => (
                <Select
                  {...control}
                  value={model}
                  onChange={setModel}
                  options={[
                    { value: ALL, label: t('collect.model_all') },
                    ...(models.data?.models ?? []).map(({ id, displayName }) => ({
                      value: id,
                      label: displayName,
                    })),
                  ]}
                />
              )}
            </Field>
            {from === 'ratings' ? (
              <Field label={t('collect.rating')}>
                {(control) => (
                  <Select<typeof rating>
                    {...control}
                    value={rating}
                    onChange={setRating}
                    options={(['all', 'good', 'bad'] as const).map((value) => ({
                      value,
                      label: t(`collect.rating_${value}`),
                    }))}
                  />
                )}
              </Field>
            ) : null}
          </div>
          <p className="rounded-md bg-sunken px-3.5 py-2 text-sm text-quiet">{t('collect.consent')}</p>
          {collect.error ? <ErrorState error={collect.error} onRetry={start} /> : null}
        </div>
      )}
    </Dialog>
  );
}
