// The charts of a training: loss with its validation on one, or each with its own scale where they are of different
// things; then rate, gradient, speed and, of pairs, accuracy.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../../../contracts/training.ts';
import { useFormat } from '../../../lib/format.ts';
import { lossesOf } from '../lib/losses.ts';
import { powerOfTen } from '../lib/parity-words.ts';
import { lossRows, type Series, thin } from '../lib/series.ts';
import { StepLineChart } from './step-line-chart.tsx';

const SMALL = 120;

export function RunCharts({ run, series }: { run: TrainingRun; series: Series }) {
  const { t, i18n } = useTranslation('training');
  const format = useFormat();
  const loss = useMemo(() => lossRows(series), [series]);
  const small = useMemo(() => thin(series.points, SMALL), [series]);
  const three = (value: number) => format.decimal(value, 3);
  const first = series.points[0];
  const last = series.points.at(-1);
  const best = series.evaluations.reduce<number | null>(
    (least, { validationLoss }) => (least === null ? validationLoss : Math.min(least, validationLoss)),
    null,
  );
  const summary =
    first && last
      ? [
          t('chart.from_to', {
            from: three(first.loss),
            to: three(last.loss),
            step: format.whole(last.step),
          }),
          best === null ? null : t('chart.best_validation', { value: three(best) }),
        ]
          .filter((part) => part !== null)
          .join(' ')
      : undefined;
  const pairs = run.input.method === 'dpo';
  const kind = lossesOf(run);
  const mark = run.bestStep === null ? null : { step: run.bestStep, label: t('chart.kept') };
  const train = {
    key: 'loss',
    name: t('chart.train'),
    color: 'var(--chart-1)',
    hint: t(`chart.train_hint.${kind}`),
  } as const;
  const validation = {
    key: 'validation',
    name: t('chart.validation'),
    color: 'var(--chart-2)',
    dots: true,
    hint: t(`chart.validation_hint.${kind}`),
  } as const;
  return (
    <div className="flex flex-col gap-8">
      {kind === 'two_things' ? (
        <>
          {summary ? <p className="tabular -mb-6 text-sm text-quiet">{summary}</p> : null}
          <div className="grid gap-6 xl:grid-cols-2">
            <StepLineChart
              half
              title={t('chart.to_teacher')}
              rows={loss.filter((row) => row.loss !== null)}
              value={three}
              series={[train]}
            />
            <StepLineChart
              half
              title={t('chart.on_answers')}
              rows={loss.filter((row) => row.validation !== null)}
              value={three}
              mark={mark}
              series={[validation]}
            />
          </div>
        </>
      ) : (
        <StepLineChart
          title={t('chart.loss')}
          {...(summary ? { summary } : {})}
          rows={loss}
          value={three}
          mark={mark}
          series={[train, validation]}
        />
      )}
      <div className="grid gap-6 sm:grid-cols-2 xl:grid-cols-3">
        {pairs ? (
          <StepLineChart
            small
            title={t('chart.accuracy')}
            rows={small}
            value={format.percent}
            series={[{ key: 'accuracy', name: t('chart.accuracy'), color: 'var(--chart-3)' }]}
          />
        ) : null}
        <StepLineChart
          small
          title={t('chart.learningRate')}
          rows={small}
          value={(value) => powerOfTen(value, i18n.language)}
          series={[{ key: 'learningRate', name: t('chart.learningRate'), color: 'var(--chart-5)' }]}
        />
        <StepLineChart
          small
          title={t('chart.gradientNorm')}
          rows={small}
          value={(value) => format.decimal(value, 2)}
          series={[{ key: 'gradientNorm', name: t('chart.gradientNorm'), color: 'var(--chart-4)' }]}
        />
        <StepLineChart
          small
          title={t('chart.tokensPerSecond')}
          rows={small}
          value={format.whole}
          series={[{ key: 'tokensPerSecond', name: t('chart.tokensPerSecond'), color: 'var(--chart-6)' }]}
        />
      </div>
    </div>
  );
}
