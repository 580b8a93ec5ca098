// One training: what it does, its curves as they grow, what it answers at its checkpoints, and the model it made.

import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Pause from 'lucide-react/icons/pause';
import Play from 'lucide-react/icons/play';
import Repeat from 'lucide-react/icons/repeat';
import Square from 'lucide-react/icons/square';
import Trash2 from 'lucide-react/icons/trash-2';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../../../contracts/training.ts';
import { ConfirmByName } from '../../../components/confirm-by-name.tsx';
import { Page, Section } from '../../../components/page.tsx';
import { Button, buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { Skeleton, SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { isLive, learningKeys, useDatasets, useTunedModels } from '../../../lib/learning.ts';
import { queryKeys } from '../../../lib/query-keys.ts';
import { useRights } from '../../../lib/session.ts';
import { useTrainingEvents } from '../api/events.ts';
import { useRemoveTraining, useTraining, useTrainingAction } from '../api/runs.ts';
import { seriesOf } from '../lib/series.ts';
import { BackLink } from './back-link.tsx';
import { ForgottenMark } from './forgotten-mark.tsx';
import { RunBadge } from './run-badge.tsx';
import { RunNotes } from './run-notes.tsx';
import { RunSettings } from './run-settings.tsx';
import { Samples } from './samples.tsx';
import { StatusLine } from './status-line.tsx';
import { TunedModelCard, TunedModelMissing } from './tuned-model-card.tsx';

/** With their library they are larger than the rest of the page. */
const RunCharts = lazy(async () => ({ default: (await import('./run-charts.tsx')).RunCharts }));

export function TrainingRunPage({ id }: { id: string }) {
  const { t } = useTranslation(['training', 'common']);
  const found = useTraining(id);
  if (found.data)
    return (
      <Open
        key={found.data.id}
        run={found.data}
        silent={isLive(found.data) && found.failureReason !== null}
      />
    );
  return (
    <Page wide title={t('title')} above={<BackLink />}>
      {found.error ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <SkeletonRows rows={5} label={t('common:loading')} className="h-24" />
      )}
    </Page>
  );
}

/** `silent`: Atelier does not answer, so that what is shown is what was last known. */
function Open({ run, silent }: { run: TrainingRun; silent: boolean }) {
  const { t } = useTranslation(['training', 'common']);
  const client = useQueryClient();
  const live = isLive(run);
  const events = useTrainingEvents(run.id, live);
  const series = useMemo(() => seriesOf(events.data ?? []), [events.data]);
  const datasets = useDatasets();
  const dataset = datasets.data?.find(({ id }) => id === run.input.dataset.id);
  const tuned = useTunedModels();
  const model = tuned.data?.find(({ runId }) => runId === run.id);
  const complete = run.status === 'complete';
  useEffect(() => {
    if (!complete) return;
    void client.invalidateQueries({ queryKey: learningKeys.tunedModels });
    void client.invalidateQueries({ queryKey: queryKeys.models });
  }, [client, complete]);
  return (
    <Page
      wide
      title={run.name}
      above={<BackLink />}
      lead={
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <RunBadge status={run.status} />
          <span>
            {t('row', {
              method: t(`method.${run.input.method}`),
              adaptation: t(`adaptation.${run.input.adaptation}`),
              base: run.input.base.replace(/^local\//, ''),
            })}
          </span>
          <span aria-hidden="true">·</span>
          <Link
            to="/improve/datasets/$id"
            params={{ id: run.input.dataset.id }}
            className="underline decoration-line underline-offset-2 hover:text-ink hover:decoration-current"
          >
            {dataset?.name ?? t('dataset')}
            {run.input.dataset.version ? ` · ${t('version', { version: run.input.dataset.version })}` : ''}
          </Link>
        </p>
      }
      action={<Actions run={run} />}
    >
      <div className="mb-8">
        <StatusLine run={run} series={series} silent={silent} />
        {run.forgottenPeople && !model ? (
          <ForgottenMark people={run.forgottenPeople} className="mt-4" />
        ) : null}
      </div>
      {run.status === 'failed' ? (
        <ErrorState
          className="mb-8"
          error={run.error}
          actions={
            <Link
              to="/improve/training/new"
              search={{ from: run.id }}
              className={buttonClass('secondary', 'small')}
            >
              {t('again_changed')}
            </Link>
          }
        />
      ) : null}
      {complete ? (
        model ? (
          <TunedModelCard model={model} run={run} />
        ) : tuned.isPending || tuned.isFetching ? (
          <Skeleton className="mb-10 h-48" />
        ) : (
          <TunedModelMissing error={tuned.error} onRetry={() => void tuned.refetch()} />
        )
      ) : null}
      {events.error ? (
        <ErrorState className="mb-8" error={events.error} onRetry={() => void events.refetch()} />
      ) : null}
      {series.points.length > 0 ? (
        <div className="mb-10">
          <Suspense fallback={<Skeleton className="h-80" />}>
            <RunCharts run={run} series={series} />
          </Suspense>
        </div>
      ) : events.isPending ? (
        <Skeleton className="mb-10 h-80" />
      ) : (
        <p className="mb-10 rounded-md border border-line bg-sunken px-4 py-10 text-center text-sm text-quiet">
          {live ? t('chart.soon') : t('chart.none')}
        </p>
      )}
      <Section title={t('samples.title')} lead={t('samples.lead')}>
        <Samples samples={series.samples} bestStep={run.bestStep} />
      </Section>
      <div className="grid gap-x-8 lg:grid-cols-2">
        <Section title={t('notes.title')}>
          <RunNotes notes={series.notes} />
        </Section>
        <Section title={t('settings.title')}>
          <RunSettings run={run} />
        </Section>
      </div>
    </Page>
  );
}

function Actions({ run }: { run: TrainingRun }) {
  const { t } = useTranslation(['training', 'common']);
  const say = useErrorText();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const action = useTrainingAction(run.id);
  const remove = useRemoveTraining(run.id);
  const mayTrain = useRights().may('learning');
  if (!mayTrain) return null;
  const act = (what: 'pause' | 'resume' | 'cancel') =>
    action.mutate(what, {
      onError: (error) => toast({ title: t('action_failed'), detail: say(error).title, tone: 'failed' }),
    });
  const open = isLive(run) || run.status === 'paused';
  return (
    <>
      {isLive(run) ? (
        <Button icon={<Pause />} busy={action.isPending} onClick={() => act('pause')}>
          {t('pause')}
        </Button>
      ) : null}
      {run.status === 'paused' ? (
        <Button look="primary" icon={<Play />} busy={action.isPending} onClick={() => act('resume')}>
          {t('resume')}
        </Button>
      ) : null}
      <Menu
        trigger={<IconButton label={t('common:more')} icon={<Ellipsis />} />}
        items={[
          {
            label: t('again'),
            icon: <Repeat />,
            onSelect: () => void navigate({ to: '/improve/training/new', search: { from: run.id } }),
          },
          null,
          open
            ? { label: t('cancel'), icon: <Square />, danger: true, onSelect: () => act('cancel') }
            : { label: t('common:delete'), icon: <Trash2 />, danger: true, onSelect: () => setAsking(true) },
        ]}
      />
      {asking ? (
        <ConfirmByName
          open
          onOpenChange={setAsking}
          title={t('delete.title')}
          text={t('delete.text')}
          name={run.name}
          verb={t('common:delete')}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/improve/training' }) })
          }
        />
      ) : null}
    </>
  );
}
