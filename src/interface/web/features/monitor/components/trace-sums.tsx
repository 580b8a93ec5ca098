// What the trace took, step by step, and the sum that is its cost. Each figure leads to its step.
import { useTranslation } from 'react-i18next';
import type { Cost } from '../../../../../contracts/money.ts';
import type { Span } from '../../../../../contracts/span.ts';
import { useCostText, useFormat } from '../../../lib/format.ts';
import { charged, sumCost, sumUsage } from '../lib/span-tree.ts';

export function TraceSums({
  spans,
  onSelect,
}: {
  spans: readonly Span[];
  onSelect: (spanId: string) => void;
}) {
  const { t } = useTranslation('monitor');
  const format = useFormat();
  const costText = useCostText();
  const steps = charged(spans);
  if (steps.length === 0) return null;
  const usage = sumUsage(spans);
  const cost = sumCost(spans);
  const total: Cost =
    cost.unknown > 0
      ? { kind: 'unknown' }
      : cost.nanoDollars === null
        ? { kind: 'none' }
        : { kind: 'known', nanoDollars: cost.nanoDollars };
  const number = 'tabular px-3 py-1.5 text-right whitespace-nowrap';
  return (
    <section aria-label={t('sums')} className="overflow-hidden rounded-md border border-line bg-raised">
      <table className="w-full text-sm">
        <thead className="border-b border-line bg-sunken text-xs text-quiet">
          <tr>
            <th className="px-3 py-1.5 text-left">{t('sums')}</th>
            <th className={number}>{t('read')}</th>
            <th className={number}>{t('written')}</th>
            <th className={number}>{t('column.cost')}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((span) => (
            <tr key={span.spanId}>
              <td className="max-w-0 w-full px-3 py-1.5">
                <button
                  type="button"
                  className="block max-w-full truncate rounded-sm text-left hover:underline"
                  onClick={() => onSelect(span.spanId)}
                >
                  {span.name}
                </button>
              </td>
              <td className={number}>{format.whole(span.usage?.input ?? 0)}</td>
              <td className={number}>{format.whole(span.usage?.output ?? 0)}</td>
              <td className={number}>{costText(span.cost ?? { kind: 'none' })}</td>
            </tr>
          ))}
        </tbody>
        <tfoot className="border-t border-control font-semibold">
          <tr>
            <td className="px-3 py-2">{t('total')}</td>
            <td className={number}>{format.whole(usage.input)}</td>
            <td className={number}>{format.whole(usage.output)}</td>
            <td className={number}>
              {costText(total)}
              {cost.unknown > 0 && cost.nanoDollars !== null ? (
                <span className="block text-xs font-normal text-quiet">
                  {t('known_part', { cost: format.dollars(cost.nanoDollars) })}
                </span>
              ) : null}
            </td>
          </tr>
        </tfoot>
      </table>
      {usage.cacheRead > 0 || usage.reasoning > 0 ? (
        <p className="tabular border-t border-line px-3 py-1.5 text-xs text-quiet">
          {usage.cacheRead > 0 ? t('of_cached', { value: format.whole(usage.cacheRead) }) : ''}{' '}
          {usage.reasoning > 0 ? t('of_reasoning', { value: format.whole(usage.reasoning) }) : ''}
        </p>
      ) : null}
    </section>
  );
}
