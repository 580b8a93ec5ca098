// One app: its form and result, many rows at once, what was measured, and how a program uses it.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppFigure, AppInfo } from '../../../../../contracts/app.ts';
import { CodeSamples } from '../../../components/code-samples.tsx';
import { usePageTitle } from '../../../components/page.tsx';
import { buttonClass } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { Tabs } from '../../../components/ui/tabs.tsx';
import { useApps } from '../api/apps.ts';
import { appSamples } from '../lib/app-samples.ts';
import { useAppWords } from '../lib/app-words.ts';
import { type AppView, appViews } from '../search.ts';
import { AppIcon } from './app-icon.tsx';
import { AppRunPanel } from './app-run-panel.tsx';
import { BatchPanel } from './batch-panel.tsx';
import { Figures } from './figures.tsx';
import type { RenderText } from './results/result-props.ts';

export interface AppPageProps {
  name: string;
  /** Draws Markdown; chat knows how. */
  renderText: RenderText;
}

export function AppPage({ name, renderText }: AppPageProps) {
  const { t } = useTranslation(['apps', 'common']);
  const { data, error, refetch } = useApps();
  const words = useAppWords();
  const app = data?.apps.find((one) => one.name === name);
  usePageTitle(app ? words(app).title : t('title'));
  return (
    <div className="mx-auto w-full max-w-[84rem] px-4 pt-4 pb-16 md:px-8 md:pt-6">
      <Link
        to="/apps"
        className="mb-3 inline-flex items-center gap-1.5 rounded-sm text-sm text-quiet hover:text-ink"
      >
        <ArrowLeft className="size-4" aria-hidden="true" />
        {t('back')}
      </Link>
      {app ? (
        <AppBody
          app={app}
          figures={(data?.figures ?? []).filter((figure) => figure.app === app.name)}
          renderText={renderText}
        />
      ) : null}
      {error && !data ? (
        <>
          <h1 className="mb-4 text-xl font-semibold tracking-tight">{name}</h1>
          <ErrorState error={error} onRetry={() => void refetch()} />
        </>
      ) : null}
      {!data && !error ? (
        <div role="status" aria-label={t('common:loading')}>
          <Skeleton className="h-9 w-64" />
          <div className="mt-8 grid gap-8 lg:grid-cols-2">
            <Skeleton className="h-72" />
            <Skeleton className="h-72" />
          </div>
        </div>
      ) : null}
      {data && !app ? (
        <EmptyState
          wholePage
          title={t('not_found')}
          text={name}
          action={
            <Link to="/apps" className={buttonClass()}>
              {t('all')}
            </Link>
          }
        />
      ) : null}
    </div>
  );
}

interface AppBodyProps {
  app: AppInfo;
  figures: readonly AppFigure[];
  renderText: RenderText;
}

function AppBody({ app, figures, renderText }: AppBodyProps) {
  const { t } = useTranslation('apps');
  const navigate = useNavigate();
  const { view = 'run' } = useSearch({ from: '/apps/$name' });
  const words = useAppWords();
  const { title, description, example } = words(app);
  const content: Record<AppView, () => ReactNode> = {
    run: () => <AppRunPanel app={app} renderText={renderText} />,
    batch: () => <BatchPanel app={app} />,
    figures: () => <Figures figures={figures} />,
    code: () => (
      <div className="max-w-3xl">
        <CodeSamples
          lead={t('code.lead', { origin: location.origin })}
          samples={appSamples(app.name, example, location.origin)}
        />
      </div>
    ),
  };
  return (
    <>
      <header className="mb-6">
        <h1 className="flex items-center gap-3 text-xl font-semibold tracking-tight">
          <AppIcon name={app.icon} className="size-6 shrink-0 text-accent" />
          {title}
        </h1>
        <p className="mt-1 max-w-2xl text-sm text-quiet">{description}</p>
      </header>
      <Tabs
        label={t('tabs')}
        value={view}
        onChange={(next) =>
          void navigate({
            to: '/apps/$name',
            params: { name: app.name },
            search: next === 'run' ? {} : { view: next },
            replace: true,
          })
        }
        tabs={appViews
          .filter((value) => value !== 'batch' || app.batch)
          .map((value) => ({
            value,
            label: t(`view.${value}`),
            content: value === view ? content[value]() : null,
          }))}
      />
    </>
  );
}
