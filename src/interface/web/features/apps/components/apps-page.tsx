// The Apps door: a gallery of the built-in apps and the user's, with what was measured, and the files that failed.
import { Link } from '@tanstack/react-router';
import LayoutGrid from 'lucide-react/icons/layout-grid';
import Search from 'lucide-react/icons/search';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppFault, AppFigure, AppInfo } from '../../../../../contracts/app.ts';
import { Page, Section } from '../../../components/page.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { useMetricWord } from '../../../lib/metric-word.ts';
import { findModel, useModels } from '../../../lib/queries.ts';
import { useApps } from '../api/apps.ts';
import { useAppWords } from '../lib/app-words.ts';
import { AppIcon } from './app-icon.tsx';

export function AppsPage() {
  const { t } = useTranslation(['apps', 'common']);
  const { data, error, refetch } = useApps();
  const words = useAppWords();
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const shown = (data?.apps ?? []).filter((app) => {
    const { title, description } = words(app);
    return `${app.name} ${title} ${description}`.toLowerCase().includes(wanted);
  });
  const groups = [
    { source: 'builtin', title: t('builtin'), lead: null },
    { source: 'user', title: t('user'), lead: t('user_lead') },
  ] as const;
  return (
    <Page title={t('title')} lead={t('lead')} wide>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? (
        <div role="status" aria-label={t('common:loading')} className={grid}>
          {Array.from({ length: 8 }, (_, card) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the cards are all alike
            <Skeleton key={card} className="h-32" />
          ))}
        </div>
      ) : null}
      {data && data.faults.length > 0 ? <Faults faults={data.faults} /> : null}
      {data && data.apps.length === 0 ? (
        <EmptyState icon={<LayoutGrid />} title={t('empty')} text={t('empty_text')} />
      ) : null}
      {data && data.apps.length > 8 ? (
        <div className="relative mb-6 max-w-sm">
          <Search
            className="pointer-events-none absolute top-2.5 left-3 size-4 text-quiet"
            aria-hidden="true"
          />
          <Input
            type="search"
            aria-label={t('search')}
            placeholder={t('search')}
            className="pl-9"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      ) : null}
      {data && data.apps.length > 0 && shown.length === 0 ? (
        <p className="text-sm text-quiet">{t('none_found')}</p>
      ) : null}
      {groups.map(({ source, title, lead }) => {
        const apps = shown.filter((app) => app.source === source);
        if (apps.length === 0) return null;
        return (
          <Section key={source} title={title} lead={lead}>
            <ul className={grid}>
              {apps.map((app) => (
                <AppCard
                  key={app.name}
                  app={app}
                  figures={(data?.figures ?? []).filter((figure) => figure.app === app.name)}
                />
              ))}
            </ul>
          </Section>
        );
      })}
    </Page>
  );
}

const grid = 'grid gap-3 sm:grid-cols-2 xl:grid-cols-4';

function AppCard({ app, figures }: { app: AppInfo; figures: readonly AppFigure[] }) {
  const words = useAppWords();
  const { title, description } = words(app);
  return (
    <li className="relative flex min-h-32 flex-col gap-2 rounded-md border border-line bg-raised p-4 hover:border-control">
      <span className="flex items-center gap-2.5">
        <AppIcon name={app.icon} className="size-5 shrink-0 text-accent" />
        {/* The link covers the card, so that all of it opens the app. */}
        <Link
          to="/apps/$name"
          params={{ name: app.name }}
          className="font-semibold after:absolute after:inset-0 after:rounded-md"
        >
          {title}
        </Link>
      </span>
      <p className="grow text-sm text-quiet">{description}</p>
      <BestFigure figures={figures} />
    </li>
  );
}

/** The figures of the default model where it was measured, else the newest. */
function BestFigure({ figures }: { figures: readonly AppFigure[] }) {
  const { t } = useTranslation('apps');
  const format = useFormat();
  const metricWord = useMetricWord();
  const models = useModels().data;
  const own = figures.filter((figure) => figure.model === models?.default);
  const [figure] = [...(own.length > 0 ? own : figures)].sort((a, b) => b.measuredAt - a.measuredAt);
  if (!figure) return null;
  return (
    <p className="tabular text-xs text-quiet">
      {t('figure.line', {
        metric: metricWord(figure.metric),
        value: format.decimal(figure.value, 2),
        set: figure.set,
      })}
      <span className="block truncate">{findModel(models, figure.model)?.displayName ?? figure.model}</span>
    </p>
  );
}

function Faults({ faults }: { faults: readonly AppFault[] }) {
  const { t } = useTranslation('apps');
  const say = useErrorText();
  return (
    <section aria-label={t('faults')} className="mb-6 rounded-md bg-failed-soft px-4 py-3">
      <h2 className="flex items-center gap-2 text-sm font-semibold text-failed">
        <TriangleAlert className="size-4 shrink-0" aria-hidden="true" />
        {t('faults')}
      </h2>
      <ul className="mt-2 flex flex-col gap-2 text-sm">
        {faults.map((fault) => (
          <li key={fault.origin}>
            <p className="font-mono text-xs break-all">{fault.origin}</p>
            <p className="break-words whitespace-pre-wrap">{say(fault.error).technical}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
