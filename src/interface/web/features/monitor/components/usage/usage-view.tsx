// What all calls took: a stretch of time, one chart, and one table by whatever the reader asks. Every figure leads on.
import { useNavigate, useSearch } from '@tanstack/react-router';
import ChartColumn from 'lucide-react/icons/chart-column';
import Download from 'lucide-react/icons/download';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonClass } from '../../../../components/ui/button.tsx';
import { EmptyState } from '../../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { Select } from '../../../../components/ui/select.tsx';
import { Skeleton, SkeletonRows } from '../../../../components/ui/skeleton.tsx';
import { withQuery } from '../../../../lib/api.ts';
import { useRights } from '../../../../lib/session.ts';
import { useUsage } from '../../api/usage.ts';
import { type UsageSearch, usageMeasures, usageTables } from '../../filters.ts';
import { usagePeriod, usageSeries } from '../../lib/usage-range.ts';
import { UsageRangePicker } from './usage-range-picker.tsx';
import { UsageSums } from './usage-sums.tsx';
import { UsageTable } from './usage-table.tsx';

const UsageChart = lazy(async () => ({ default: (await import('./usage-chart.tsx')).UsageChart }));

export function UsageView() {
  const { t } = useTranslation(['usage', 'common']);
  const navigate = useNavigate();
  const { tab: _tab, ...search } = useSearch({ from: '/monitor' });
  const { by = 'model', range, first, last } = search;
  const all = useRights().may('usageOfAll');
  // The same question for a minute, so that it has one key.
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const period = useMemo(
    () => usagePeriod({ ...(range && { range }), ...(first && { first }), ...(last && { last }) }, now),
    [range, first, last, now],
  );
  const { step, ...between } = period;
  const time = useUsage({ ...between, by: step });
  const table = useUsage({ ...between, by });
  const set = (change: Partial<UsageSearch>) =>
    void navigate({ to: '/monitor', search: { tab: 'usage', ...search, ...change }, replace: true });
  /** Where nothing is charged, as with models of this machine, calls say more than a row of zeros. */
  const free = table.data?.total.costNano === 0;
  const measure = search.measure ?? (free ? 'calls' : 'spend');
  const error = time.error ?? table.error;
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <UsageRangePicker search={search} onChange={set} />
        <a
          href={withQuery('/atelier/v1/usage.csv', { ...between, by })}
          download
          className={buttonClass('secondary', 'small')}
        >
          <Download aria-hidden="true" />
          {t('csv')}
        </a>
      </div>
      {all ? null : <p className="text-sm text-quiet">{t('only_yours')}</p>}
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void time.refetch();
            void table.refetch();
          }}
        />
      ) : null}
      {!error && (!time.data || !table.data) ? (
        <SkeletonRows rows={8} label={t('common:loading')} className="h-10" />
      ) : null}
      {table.data?.total.calls === 0 && time.data ? (
        <EmptyState
          icon={<ChartColumn />}
          title={t('empty')}
          text={t('empty_text')}
          action={<Button onClick={() => set({ range: 'days30' })}>{t('empty_action')}</Button>}
        />
      ) : null}
      {time.data && table.data && table.data.total.calls > 0 ? (
        <>
          <UsageSums report={table.data} />
          <section aria-label={t(`measure.${measure}`)}>
            <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
              <Select
                label={t('measure_label')}
                className="w-auto! min-w-36"
                value={measure}
                options={usageMeasures.map((value) => ({ value, label: t(`measure.${value}`) }))}
                onChange={(value) => set({ measure: value })}
              />
              <p className="text-xs text-quiet">{t(`steps.${step}`)}</p>
            </div>
            {measure === 'spend' && free ? (
              <p className="py-10 text-center text-sm text-quiet">{t('nothing_charged')}</p>
            ) : (
              <Suspense fallback={<Skeleton className="h-64" />}>
                <UsageChart points={usageSeries(time.data.rows, period, now)} measure={measure} step={step} />
              </Suspense>
            )}
          </section>
          <section aria-label={t('table')}>
            <div className="mb-3 flex items-center gap-3">
              <span aria-hidden="true" className="text-sm text-quiet">
                {t('by_label')}
              </span>
              <Select
                label={t('by_label')}
                className="w-auto! min-w-36"
                value={by}
                options={usageTables.map((value) => ({ value, label: t(`by.${value}`) }))}
                onChange={(value) => set({ by: value })}
              />
            </div>
            <UsageTable report={table.data} by={by} period={between} />
          </section>
        </>
      ) : null}
    </div>
  );
}
