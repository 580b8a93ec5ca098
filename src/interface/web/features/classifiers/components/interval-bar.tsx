// A figure between 0 and 1 with its interval, as words and as a mark on a line.
import { useTranslation } from 'react-i18next';
import type { Interval } from '../../../../../contracts/evaluation.ts';
import { useFormat } from '../../../lib/format.ts';

const percent = (value: number): string => `${Math.min(100, Math.max(0, value * 100))}%`;

export function IntervalBar({ label, interval }: { label: string; interval: Interval }) {
  const { t } = useTranslation('classifiers');
  const format = useFormat();
  const { value, low, high } = interval;
  return (
    <div className="min-w-0">
      <p className="text-xs text-quiet">{label}</p>
      <p className="flex flex-wrap items-baseline gap-x-2 tabular">
        <span className="text-lg font-semibold">{format.decimal(value, 3)}</span>
        <span className="text-xs text-quiet">
          {t('interval', { low: format.decimal(low, 3), high: format.decimal(high, 3) })}
        </span>
      </p>
      <div className="relative mt-1.5 h-1.5 rounded-full bg-pressed" aria-hidden="true">
        <span
          className="absolute inset-y-0 rounded-full bg-chart-1 opacity-40"
          style={{ left: percent(low), width: percent(high - low) }}
        />
        <span
          className="absolute -inset-y-0.5 w-1 -translate-x-1/2 rounded-full bg-chart-1"
          style={{ left: percent(value) }}
        />
      </div>
    </div>
  );
}
