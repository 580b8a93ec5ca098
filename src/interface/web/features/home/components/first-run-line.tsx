// One line with the state of the model that answers, and two quiet ways to another one; a panel when all sources failed.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Task } from '../../../../../contracts/task.ts';
import { PlaceSign } from '../../../components/place-sign.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Progress } from '../../../components/ui/progress.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useTaskAction } from '../../../lib/mutations.ts';
import { findModel, useHealth, useModels, useTasks } from '../../../lib/queries.ts';
import { fractionOf, secondsLeft } from '../../../lib/task-figures.ts';
import { failures, firstRunView } from '../lib/first-run-view.ts';
import { Attempts } from './attempts.tsx';
import { NoModel } from './no-model.tsx';
import { Offers } from './offers.tsx';

export interface FirstRunLineProps {
  onAddEndpoint: (start?: { name: string; baseUrl: string }) => void;
  onImportFile: () => void;
}

const link = 'rounded-sm underline decoration-control underline-offset-4 hover:text-ink hover:decoration-ink';

export function FirstRunLine({ onAddEndpoint, onImportFile }: FirstRunLineProps) {
  const { t } = useTranslation('home');
  const health = useHealth();
  const tasks = useTasks();
  const models = useModels();
  const action = useTaskAction();

  if (health.error && !health.data)
    return <ErrorState className="mt-4" error={health.error} onRetry={() => void health.refetch()} />;
  if (models.error && !models.data)
    return <ErrorState className="mt-4" error={models.error} onRetry={() => void models.refetch()} />;
  if (!health.data || models.isPending) return <Skeleton className="mt-4 h-4 w-72" />;
  const { firstRun } = health.data;
  const view = firstRunView(firstRun, tasks.data ?? [], findModel(models.data, 'default'));
  const tried = failures(firstRun);

  if (view.kind === 'failed' || view.kind === 'none')
    return (
      <NoModel
        failed={view.kind === 'failed'}
        attempts={tried}
        onAddEndpoint={onAddEndpoint}
        onImportFile={onImportFile}
      />
    );
  return (
    <div className="mt-4 flex flex-col gap-4 text-sm text-quiet">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <div role="status" className={view.kind === 'downloading' ? 'w-full' : 'min-w-0'}>
          {view.kind === 'ready' ? (
            <span className="inline-flex flex-wrap items-center gap-x-2">
              {t('ready', { name: view.model.displayName })}
              <PlaceSign place={view.model.place} />
            </span>
          ) : null}
          {view.kind === 'downloading' ? <DownloadLine task={view.task} /> : null}
          {view.kind === 'preparing' ? t('preparing', { name: view.name ?? t('a_model') }) : null}
          {view.kind === 'paused' ? (
            <span className="inline-flex items-center gap-3">
              {t('paused', { name: view.task.title })}
              <Button size="small" onClick={() => action.mutate({ id: view.task.id, action: 'resume' })}>
                {t('resume')}
              </Button>
            </span>
          ) : null}
        </div>
        {view.kind === 'downloading' ? (
          <Progress className="w-full" value={fractionOf(view.task.progress)} label={view.task.title} />
        ) : null}
        <p className="flex flex-wrap gap-x-5 gap-y-1">
          <button type="button" className={link} onClick={() => onAddEndpoint()}>
            {t('own_endpoint')}
          </button>
          <Link to="/models" className={link}>
            {t('other_model')}
          </Link>
        </p>
      </div>
      {view.kind !== 'ready' && tried.length > 0 ? <Attempts attempts={firstRun.attempts} /> : null}
      {view.kind !== 'ready' ? <Offers onAddEndpoint={onAddEndpoint} /> : null}
    </div>
  );
}

/** "Downloading Qwen2.5-Coder 1.5B: 412 of 1,117 MB, about 40 s. You can type now; it answers when it is ready." */
function DownloadLine({ task }: { task: Task }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const { progress } = task;
  if (!progress) return t('preparing', { name: task.title });
  if (progress.note === 'verifying' || progress.note === 'joining' || progress.note === 'converting')
    return t(`step.${progress.note}`, { name: task.title });
  const left = secondsLeft(progress);
  const figures =
    progress.total === null
      ? t('amount_open', { done: format.megabytes(progress.done) })
      : t('amount', { done: format.megabytes(progress.done), total: format.megabytes(progress.total) });
  return (
    <>
      {left === null
        ? t('downloading', { name: task.title, figures })
        : t('downloading_left', { name: task.title, figures, time: format.duration(left * 1000) })}{' '}
      {t('type_now')}
    </>
  );
}
