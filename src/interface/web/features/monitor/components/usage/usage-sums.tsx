// The sums over everything in the stretch of time, and what is in none of them.
import { useTranslation } from 'react-i18next';
import type { UsageReport } from '../../../../../../contracts/usage.ts';
import { useFormat } from '../../../../lib/format.ts';

export function UsageSums({ report: { total, savedNano } }: { report: UsageReport }) {
  const { t } = useTranslation('usage');
  const format = useFormat();
  const figures: [string, string, string?][] = [
    [t('measure.spend'), format.dollars(total.costNano)],
    [t('column.calls'), format.whole(total.calls)],
    [t('column.errors'), format.whole(total.errors)],
    [t('column.tokens'), `${format.whole(total.inputTokens)} → ${format.whole(total.outputTokens)}`],
    [t('column.p50'), total.durationMs ? format.duration(total.durationMs.p50) : '–', t('column.p50_hint')],
    [t('column.p95'), total.durationMs ? format.duration(total.durationMs.p95) : '–', t('column.p95_hint')],
    [
      t('column.first'),
      total.firstTokenMs ? format.duration(total.firstTokenMs.p50) : '–',
      t('column.first_hint'),
    ],
  ];
  return (
    <div>
      <dl className="tabular flex flex-wrap gap-x-10 gap-y-4">
        {figures.map(([label, value, hint]) => (
          <div key={label} title={hint}>
            <dt className="text-xs text-quiet">{label}</dt>
            <dd className="text-lg font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
      {total.unpricedCalls > 0 ? (
        <p className="mt-3 text-sm text-needs">
          {t('unpriced', { count: total.unpricedCalls, n: format.whole(total.unpricedCalls) })}
        </p>
      ) : null}
      {savedNano > 0 ? (
        <p className="mt-3 text-sm text-ready">{t('saved', { sum: format.dollars(savedNano) })}</p>
      ) : null}
    </div>
  );
}
