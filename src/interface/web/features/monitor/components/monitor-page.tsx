// The Monitor door: every call in one list, and what all of them took; each view keeps its place in the address.
import { useNavigate, useSearch } from '@tanstack/react-router';
import Activity from 'lucide-react/icons/activity';
import Download from 'lucide-react/icons/download';
import SearchX from 'lucide-react/icons/search-x';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../../components/page.tsx';
import { Button, buttonClass } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { Tabs } from '../../../components/ui/tabs.tsx';
import { withQuery } from '../../../lib/api.ts';
import { useFormat } from '../../../lib/format.ts';
import { useTraces } from '../api/traces.ts';
import { readTraceSearch, type TraceSearch, traceFilterOf } from '../filters.ts';
import { FilterBar } from './filter-bar.tsx';
import { TraceTable } from './trace-table.tsx';

/** With its charts it is larger than the rest of the door. */
const UsageView = lazy(async () => ({ default: (await import('./usage/usage-view.tsx')).UsageView }));

export function MonitorPage() {
  const { t } = useTranslation(['monitor', 'common', 'usage']);
  const navigate = useNavigate();
  const { tab = 'traces' } = useSearch({ from: '/monitor' });
  const search = useTraceSearch();
  const filter = useMemo(() => traceFilterOf(search, Date.now()), [search]);
  const views = { traces: () => <Traces />, usage: () => <UsageView /> } as const;
  return (
    <Page
      wide
      title={t('title')}
      lead={t('lead')}
      action={
        tab === 'traces' ? (
          <a href={withQuery('/atelier/v1/traces/export', filter)} download className={buttonClass()}>
            <Download aria-hidden="true" />
            {t('common:export')}
          </a>
        ) : null
      }
    >
      <Tabs
        label={t('tabs')}
        value={tab}
        onChange={(next) => void navigate({ to: '/monitor', search: next === 'usage' ? { tab: next } : {} })}
        tabs={(['traces', 'usage'] as const).map((value) => ({
          value,
          label: t(`tab.${value}`),
          content:
            value === tab ? (
              <Suspense fallback={<SkeletonRows rows={8} label={t('common:loading')} className="h-10" />}>
                {views[value]()}
              </Suspense>
            ) : null,
        }))}
      />
    </Page>
  );
}

/** The part of the address that filters traces. */
function useTraceSearch(): TraceSearch {
  const search = useSearch({ from: '/monitor' });
  return useMemo(() => readTraceSearch({ ...search }), [search]);
}

function Traces() {
  const { t } = useTranslation(['monitor', 'common']);
  const format = useFormat();
  const navigate = useNavigate();
  const search = useTraceSearch();
  const filter = useMemo(() => traceFilterOf(search, Date.now()), [search]);
  const list = useTraces(filter);
  const traces = list.data?.pages.flatMap((page) => page.traces);
  const set = (next: TraceSearch) => void navigate({ to: '/monitor', search: next, replace: true });
  const filtered = Object.keys(search).length > 0;

  return (
    <>
      <FilterBar search={search} onChange={set} />
      {list.error ? (
        <ErrorState className="mb-4" error={list.error} onRetry={() => void list.refetch()} />
      ) : null}
      {!traces && !list.error ? (
        <SkeletonRows rows={10} label={t('common:loading')} className="h-10" />
      ) : null}
      {traces?.length === 0 ? (
        filtered ? (
          <EmptyState
            icon={<SearchX />}
            title={t('none_found')}
            text={t('none_found_text')}
            action={<Button onClick={() => set({})}>{t('filter.clear')}</Button>}
          />
        ) : (
          <EmptyState
            icon={<Activity />}
            title={t('empty')}
            text={t('empty_text')}
            action={<Button onClick={() => void navigate({ to: '/chat' })}>{t('empty_action')}</Button>}
          />
        )
      ) : null}
      {traces && traces.length > 0 ? (
        <div className={list.isPlaceholderData ? 'opacity-60' : undefined}>
          <TraceTable traces={traces} />
          <div className="mt-4 flex items-center justify-between gap-4">
            <p className="tabular text-xs text-quiet">
              {t('shown', { count: traces.length, n: format.whole(traces.length) })}
            </p>
            {list.hasNextPage ? (
              <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t('show_more')}
              </Button>
            ) : null}
          </div>
        </div>
      ) : null}
    </>
  );
}
