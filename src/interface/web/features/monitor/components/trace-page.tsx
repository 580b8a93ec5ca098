// One trace: what it was, the tree of its steps on one time axis, and the step that is selected.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import MessageSquare from 'lucide-react/icons/message-square';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Trace } from '../../../../../contracts/span.ts';
import { usePageTitle } from '../../../components/page.tsx';
import { buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { useAccessNames } from '../../../lib/access-queries.ts';
import { useCostText, useFormat } from '../../../lib/format.ts';
import { useRights } from '../../../lib/session.ts';
import { useTrace } from '../api/trace.ts';
import { useSourceWord } from '../lib/source-word.ts';
import { firstSpan, spanRows } from '../lib/span-tree.ts';
import { useTraceName } from '../lib/trace-name.ts';
import { SpanDetail } from './span-detail.tsx';
import { SpanTree } from './span-tree.tsx';
import { StatusMark } from './status-mark.tsx';
import { TraceSums } from './trace-sums.tsx';

export function TracePage({ traceId }: { traceId: string }) {
  const { t } = useTranslation(['monitor', 'common']);
  const { data, error, refetch } = useTrace(traceId);
  const traceName = useTraceName();
  usePageTitle(data ? traceName(data.summary.name) : t('trace'));
  return (
    <div className="mx-auto w-full max-w-[84rem] px-4 pt-4 pb-16 md:px-8 md:pt-6">
      <Link
        to="/monitor"
        className="mb-3 inline-flex items-center gap-1.5 rounded-sm text-sm text-quiet hover:text-ink"
      >
        <ArrowLeft className="size-4" aria-hidden="true" />
        {t('title')}
      </Link>
      {error && !data ? (
        <>
          <h1 className="mb-4 text-xl font-semibold tracking-tight">{t('trace')}</h1>
          <ErrorState error={error} onRetry={() => void refetch()} />
        </>
      ) : null}
      {!data && !error ? <TraceSkeleton label={t('common:loading')} /> : null}
      {data ? <TraceView trace={data} /> : null}
    </div>
  );
}

function TraceSkeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label}>
      <Skeleton className="h-9 w-72" />
      <Skeleton className="mt-4 h-12" />
      <div className="mt-6 grid gap-6 lg:grid-cols-[24rem_1fr]">
        <Skeleton className="h-64" />
        <Skeleton className="h-96" />
      </div>
    </div>
  );
}

/** The time, ticking while something is open, so that its bar grows. */
function useNowUs(running: boolean): number {
  const [now, setNow] = useState(() => Date.now() * 1000);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now() * 1000), 500);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

function TraceView({ trace }: { trace: Trace }) {
  const { t } = useTranslation('monitor');
  const navigate = useNavigate();
  const search = useSearch({ from: '/monitor/$traceId' });
  const { summary, spans, scores } = trace;
  const traceName = useTraceName();
  const nowUs = useNowUs(summary.status === 'running');
  const rows = spanRows(spans, nowUs);
  const selected = spans.find((span) => span.spanId === search.span) ?? firstSpan(rows);
  const select = (spanId: string) =>
    void navigate({
      to: '/monitor/$traceId',
      params: { traceId: summary.traceId },
      search: { span: spanId },
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <header className="mb-6 flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <h1 className="flex items-center gap-3 text-xl font-semibold tracking-tight">
            <span className="min-w-0 break-words">{traceName(summary.name)}</span>
          </h1>
          <Facts trace={trace} />
        </div>
        {summary.conversationId ? (
          <Link
            to="/chat/$conversationId"
            params={{ conversationId: summary.conversationId }}
            className={buttonClass()}
          >
            <MessageSquare aria-hidden="true" />
            {t('open_conversation')}
          </Link>
        ) : null}
      </header>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[22rem_minmax(0,1fr)] xl:grid-cols-[26rem_minmax(0,1fr)]">
        <div className="flex flex-col gap-6 lg:sticky lg:top-6">
          <SpanTree rows={rows} scores={scores} selectedId={selected?.spanId ?? null} onSelect={select} />
          <TraceSums spans={spans} onSelect={select} />
        </div>
        {selected ? (
          <SpanDetail
            key={selected.spanId}
            span={selected}
            scores={scores.filter((score) => score.spanId === selected.spanId)}
          />
        ) : null}
      </div>
    </>
  );
}

function Facts({ trace: { summary, spans } }: { trace: Trace }) {
  const { t } = useTranslation('monitor');
  const format = useFormat();
  const costText = useCostText();
  const sourceWord = useSourceWord();
  const names = useAccessNames();
  const { accounts } = useRights();
  const startMs = summary.startUs / 1000;
  const facts: [string, ReactNode][] = [
    [t('fact.status'), <StatusMark key="status" status={summary.status} word />],
    [t('fact.start'), format.exact(startMs)],
    [t('column.duration'), summary.durationMs === null ? '…' : format.duration(summary.durationMs)],
    [
      t('column.first'),
      summary.timeToFirstTokenMs === null ? '–' : format.duration(summary.timeToFirstTokenMs),
    ],
    [t('column.tokens'), `${format.whole(summary.usage.input)} → ${format.whole(summary.usage.output)}`],
    [t('column.cost'), costText(summary.cost)],
    [t('column.source'), summary.source ? sourceWord(summary.source) : '–'],
    ...(accounts ? ([[t('fact.person'), names.person(summary.userId)]] as [string, ReactNode][]) : []),
    ...(summary.keyId ? ([[t('fact.key'), names.key(summary.keyId)]] as [string, ReactNode][]) : []),
    ...(summary.app ? ([[t('fact.app'), summary.app]] as [string, ReactNode][]) : []),
    [t('fact.steps'), format.whole(spans.length)],
  ];
  return (
    <dl className="tabular mt-3 flex flex-wrap gap-x-8 gap-y-3">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt className="text-xs text-quiet">{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
