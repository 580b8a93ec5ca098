// One line that says what a training does now, how far it is and how long the rest takes.
import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../../../contracts/training.ts';
import { Progress } from '../../../components/ui/progress.tsx';
import { useFormat } from '../../../lib/format.ts';
import { roughly, type Series, secondsToGo } from '../lib/series.ts';

const known = [
  'preparing',
  'asking',
  'reading',
  'loading',
  'training',
  'exporting',
  'checking',
  'registering',
  'complete',
] as const;

/** The word of a status; one that the page does not know is shown as it is. */
export function useStatusWord(): (status: string) => string {
  const { t } = useTranslation('training');
  return (status) => {
    const one = known.find((word) => word === status);
    return one ? t(`now.${one}`) : status;
  };
}

export interface StatusLineProps {
  run: TrainingRun;
  series: Series;
  /** Nobody answers: what is shown is what was last known. */
  silent: boolean;
}

export function StatusLine({ run, series, silent }: StatusLineProps) {
  const { t } = useTranslation('training');
  const format = useFormat();
  const word = useStatusWord();
  const last = series.points.at(-1) ?? run.last;
  const step = Math.max(run.step, last?.step ?? 0);
  const left = run.status === 'running' && !silent ? secondsToGo(series.points, step, run.steps) : null;
  const time = run.endedAt !== null && run.startedAt !== null ? run.endedAt - run.startedAt : null;
  const moves = run.status === 'running' && !silent;
  const doing = silent
    ? t('silent.title')
    : run.status === 'running' && series.status !== null
      ? word(series.status)
      : run.status === 'queued' && run.place !== null
        ? t('place', { place: format.whole(run.place) })
        : t(`status_line.${run.status}`);
  const parts = [
    doing,
    step > 0 ? t('row_steps', { step: format.whole(step), steps: format.whole(run.steps) }) : null,
    last
      ? t('epoch', {
          epoch: format.decimal(last.epoch, 1),
          epochs: format.number(run.input.hyperparameters.epochs),
        })
      : null,
    moves && last ? t('speed', { value: format.whole(last.tokensPerSecond) }) : null,
    left === null ? null : t('left', { time: format.duration(roughly(left) * 1000) }),
    time === null ? null : t('took', { time: format.duration(time) }),
  ].filter((part) => part !== null);
  return (
    <div>
      <p className={silent ? 'tabular text-sm text-needs' : 'tabular text-sm'}>{parts.join(' · ')}</p>
      {silent ? (
        <p role="status" className="mt-1 text-sm text-quiet">
          {t('silent.text')}
        </p>
      ) : null}
      {['queued', 'running', 'paused'].includes(run.status) ? (
        <Progress
          value={run.status === 'queued' || step === 0 ? null : step / run.steps}
          label={t('progress', { name: run.name })}
          className="mt-2"
        />
      ) : null}
    </div>
  );
}
