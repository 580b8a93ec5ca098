// The steps of a trace, one under the other, each with its bar on the common time axis. Up and down move through them.
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Score } from '../../../../../contracts/score.ts';
import type { Span } from '../../../../../contracts/span.ts';
import { cx } from '../../../components/ui/cx.ts';
import { useFormat } from '../../../lib/format.ts';
import { axisOf, type SpanRow } from '../lib/span-tree.ts';
import { useTraceName } from '../lib/trace-name.ts';
import { StatusMark } from './status-mark.tsx';
import { RatingMark } from './trace-table.tsx';

const bars: Record<Span['kind'], string> = {
  request: 'bg-chart-6',
  run: 'bg-chart-5',
  agent: 'bg-chart-5',
  model: 'bg-chart-1',
  attempt: 'bg-chart-3',
  embedding: 'bg-chart-4',
  retrieval: 'bg-chart-4',
  tool: 'bg-chart-2',
  job: 'bg-chart-6',
};

export interface SpanTreeProps {
  rows: readonly SpanRow[];
  scores: readonly Score[];
  selectedId: string | null;
  onSelect: (spanId: string) => void;
}

export function SpanTree({ rows, scores, selectedId, onSelect }: SpanTreeProps) {
  const { t } = useTranslation('monitor');
  const format = useFormat();
  const traceName = useTraceName();
  const axis = axisOf(
    rows.map(({ span }) => span),
    Date.now() * 1000,
  );
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step];
    next?.focus();
    next?.click();
  };
  return (
    <section aria-label={t('steps')} className="overflow-hidden rounded-md border border-line bg-raised">
      <div
        className="tabular flex justify-between border-b border-line bg-sunken px-3 py-1.5 text-xs text-quiet"
        aria-hidden="true"
      >
        <span>0</span>
        <span>{format.duration(axis.lengthUs / 2000)}</span>
        <span>{format.duration(axis.lengthUs / 1000)}</span>
      </div>
      <ol className="divide-y divide-line" onKeyDown={onKey}>
        {rows.map(({ span, depth, offset, length }) => {
          const rating = scores.find((score) => score.spanId === span.spanId && score.name === 'user.rating');
          const selected = span.spanId === selectedId;
          return (
            <li key={span.spanId}>
              <button
                type="button"
                aria-current={selected || undefined}
                onClick={() => onSelect(span.spanId)}
                className={cx(
                  'flex w-full flex-col gap-1.5 px-3 py-2 text-left outline-offset-[-2px]',
                  selected ? 'bg-accent-soft' : 'hover:bg-sunken',
                )}
              >
                <span
                  className="flex w-full items-center gap-2"
                  style={{ paddingLeft: `${Math.min(depth, 8) * 0.875}rem` }}
                >
                  {span.status === 'ok' ? null : <StatusMark status={span.status} />}
                  <span className={cx('min-w-0 grow truncate', selected && 'font-semibold')}>
                    {traceName(span.name)}
                  </span>
                  <RatingMark rating={rating?.value ?? null} />
                  <span className="tabular shrink-0 text-xs text-quiet">
                    {span.endUs === null ? '…' : format.duration((span.endUs - span.startUs) / 1000)}
                  </span>
                </span>
                <span className="relative block h-1.5 w-full rounded-full bg-pressed" aria-hidden="true">
                  <span
                    className={cx('absolute h-full min-w-0.5 rounded-full', bars[span.kind])}
                    style={{ left: `${offset * 100}%`, width: `${length * 100}%` }}
                  />
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
