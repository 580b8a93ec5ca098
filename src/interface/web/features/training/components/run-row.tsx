// A training in the list: its name, what it does, how far it is, its loss as a small line.
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../../../contracts/training.ts';
import { Progress } from '../../../components/ui/progress.tsx';
import { useFormat } from '../../../lib/format.ts';
import { isLive } from '../../../lib/learning.ts';
import { useTrainingEvents } from '../api/events.ts';
import { seriesOf, sparkline, thin } from '../lib/series.ts';
import { RunBadge } from './run-badge.tsx';

export function RunRow({ run, drawn }: { run: TrainingRun; drawn: boolean }) {
  const { t } = useTranslation('training');
  const format = useFormat();
  const { input } = run;
  return (
    <li>
      <Link
        to="/improve/training/$id"
        params={{ id: run.id }}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1.5 px-4 py-3 hover:bg-sunken md:grid-cols-[minmax(0,1fr)_9rem_8rem_7rem]"
      >
        <span className="min-w-0">
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <span className="truncate font-mono text-sm font-semibold">{run.name}</span>
            <RunBadge status={run.status} />
          </span>
          <span className="mt-0.5 block truncate text-xs text-quiet">
            {t('row', {
              method: t(`method.${input.method}`),
              adaptation: t(`adaptation.${input.adaptation}`),
              base: input.base.replace(/^local\//, ''),
            })}
          </span>
        </span>
        <span className="hidden md:block">{drawn ? <LossLine run={run} /> : null}</span>
        <span className="tabular text-right text-xs text-quiet md:text-left">
          {run.last ? (
            <>
              <span className="block text-ink">
                {t('row_loss', { value: format.decimal(run.last.loss, 3) })}
              </span>
              {run.validationLoss === null ? null : (
                <span className="block">
                  {t('row_validation', { value: format.decimal(run.validationLoss, 3) })}
                </span>
              )}
            </>
          ) : (
            '–'
          )}
        </span>
        <span className="tabular col-span-2 text-xs text-quiet md:col-span-1 md:text-right">
          {isLive(run) || run.status === 'paused' ? (
            <>
              <Progress
                value={run.steps > 0 ? run.step / run.steps : null}
                label={t('progress', { name: run.name })}
                className="mb-1"
              />
              {t('row_steps', { step: format.whole(run.step), steps: format.whole(run.steps) })}
            </>
          ) : (
            format.ago(run.endedAt ?? run.createdAt)
          )}
        </span>
      </Link>
    </li>
  );
}

function LossLine({ run }: { run: TrainingRun }) {
  const { t } = useTranslation('training');
  const { data } = useTrainingEvents(run.id, isLive(run));
  const points = useMemo(
    () =>
      sparkline(
        thin(seriesOf(data ?? []).points, 60).map(({ loss }) => loss),
        140,
        28,
      ),
    [data],
  );
  if (points === '') return null;
  return (
    <svg viewBox="-2 -2 144 32" className="h-8 w-full" role="img" aria-label={t('chart.loss')}>
      <polyline
        points={points}
        fill="none"
        stroke="var(--chart-1)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  );
}
