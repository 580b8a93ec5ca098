// Step 4: what the training will take, honestly, and what speaks against it; then the start.
import GraduationCap from 'lucide-react/icons/graduation-cap';
import RotateCw from 'lucide-react/icons/rotate-cw';
import { useTranslation } from 'react-i18next';
import type { TrainingEstimate, TrainingInput } from '../../../../../contracts/training.ts';
import { Button } from '../../../components/ui/button.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useRights } from '../../../lib/session.ts';
import type { useEstimate } from '../api/estimate.ts';
import type { Part } from '../lib/draft.ts';
import { viewOfEstimate } from '../lib/estimate-view.ts';
import { roughly } from '../lib/series.ts';
import { Concerns } from './concerns.tsx';

export interface CheckCardProps {
  input: TrainingInput | null;
  missing: readonly Part[];
  estimate: ReturnType<typeof useEstimate>;
  starting: boolean;
  startError: unknown;
  onStart: () => void;
}

export function CheckCard({ input, missing, estimate, starting, startError, onStart }: CheckCardProps) {
  const { t } = useTranslation(['training', 'common']);
  const format = useFormat();
  const mayTrain = useRights().may('learning');
  const asking = estimate.behind || estimate.isFetching;
  const data = input === null ? undefined : estimate.data;
  const blocked = data ? viewOfEstimate(data).blocked : false;
  return (
    <section
      aria-label={t('step.check')}
      className="h-fit rounded-md border border-line bg-raised px-4 py-4 lg:sticky lg:top-6 lg:max-h-[calc(100dvh-3rem)] lg:overflow-y-auto"
    >
      <header className="mb-3 flex items-center gap-3">
        <span
          aria-hidden="true"
          className="tabular flex size-6 shrink-0 items-center justify-center rounded-full border border-control text-xs font-semibold text-quiet"
        >
          4
        </span>
        <h2 className="text-base font-semibold">{t('step.check')}</h2>
      </header>
      {missing.length > 0 ? (
        <p className="mb-3 text-sm text-quiet">
          {t('check.missing', { parts: format.list(missing.map((part) => t(`part.${part}`))) })}
        </p>
      ) : null}
      {input === null ? null : (
        <>
          {asking ? (
            <div className="mb-3 flex items-center justify-between gap-3">
              <p role="status" className="text-sm text-quiet">
                {t('check.asking')}
              </p>
              <Button size="small" look="quiet" onClick={estimate.cancel}>
                {t('common:stop')}
              </Button>
            </div>
          ) : null}
          {!asking && estimate.error ? (
            <ErrorState className="mb-3" error={estimate.error} onRetry={() => void estimate.refetch()} />
          ) : null}
          {!asking && !data && !estimate.error ? (
            <Button size="small" icon={<RotateCw />} onClick={() => void estimate.refetch()}>
              {t('check.ask')}
            </Button>
          ) : null}
          {asking && !data ? <Skeleton className="h-40" /> : null}
          {data ? (
            <div className={asking ? 'opacity-60' : undefined}>
              {blocked ? <Concerns concerns={data.concerns} /> : null}
              <Figures estimate={data} />
              {blocked ? null : <Concerns concerns={data.concerns} />}
            </div>
          ) : null}
        </>
      )}
      {startError ? <ErrorState className="mt-3" error={startError} /> : null}
      <Button
        look="primary"
        className="mt-4 w-full"
        icon={<GraduationCap />}
        busy={starting}
        disabled={!mayTrain || input === null || missing.length > 0 || asking || !data || blocked}
        onClick={onStart}
      >
        {t('check.start')}
      </Button>
      <p className="mt-2 text-xs text-quiet">
        {blocked ? t('check.blocked') : t(input?.teacher ? 'check.after_teacher' : 'check.after')}
      </p>
    </section>
  );
}

function Figures({ estimate }: { estimate: TrainingEstimate }) {
  const { t } = useTranslation('training');
  const format = useFormat();
  const { time } = viewOfEstimate(estimate);
  // Of a base that cannot be trained nothing was reckoned: zeros would be figures of nothing.
  if (estimate.trainableParameters === 0) return null;
  return (
    <>
      {time === null ? null : (
        <>
          <p className={time === 'will' ? 'text-lg font-semibold' : 'mt-4 text-sm text-quiet'}>
            {t(time === 'will' ? 'check.time' : 'check.would_take', {
              time: format.duration(roughly(estimate.seconds) * 1000),
            })}
          </p>
          <p className="mb-4 text-xs text-quiet">{t(`check.basis.${estimate.secondsBasis}`)}</p>
        </>
      )}
      <Amount label={t('check.memory')} needed={estimate.memoryBytes} free={estimate.freeMemoryBytes} />
      <Amount label={t('check.disk')} needed={estimate.diskBytes} free={estimate.freeDiskBytes} />
      <dl className="tabular grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        {(
          [
            ['examples', format.whole(estimate.examples)],
            ['steps', format.whole(estimate.steps)],
            ['tokens', format.whole(estimate.tokens)],
            ['rows', format.whole(estimate.rows)],
            ['padding', format.percent(estimate.padding)],
            ['trainable', format.compact(estimate.trainableParameters)],
          ] as const
        ).map(([key, value]) => (
          <div key={key} title={t(`check.${key}_hint`)} className="contents">
            <dt className="text-quiet">{t(`check.${key}`)}</dt>
            <dd className="text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** How much of what is free it takes. */
function Amount({ label, needed, free }: { label: string; needed: number; free: number }) {
  const { t } = useTranslation('training');
  const format = useFormat();
  const share = free > 0 ? needed / free : 1;
  return (
    <div className="mb-3">
      <p className="tabular flex justify-between gap-3 text-sm">
        <span className="text-quiet">{label}</span>
        <span className={share > 1 ? 'text-failed' : undefined}>
          {t('check.of_free', { needed: format.size(needed), free: format.size(free) })}
        </span>
      </p>
      <div aria-hidden="true" className="mt-1 h-1 overflow-hidden rounded-full bg-pressed">
        <div
          className={cx('h-full rounded-full', share > 1 ? 'bg-failed' : 'bg-accent')}
          style={{ width: `${Math.min(100, Math.max(1, share * 100))}%` }}
        />
      </div>
    </div>
  );
}
