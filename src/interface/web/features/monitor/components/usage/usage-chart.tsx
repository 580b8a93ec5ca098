// One measure over time as bars; the same figures stand in a table below for whoever cannot see bars.
import { useTranslation } from 'react-i18next';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useFormat } from '../../../../lib/format.ts';
import { useMedia } from '../../../../lib/use-media.ts';
import type { UsageMeasure } from '../../filters.ts';
import type { UsagePoint } from '../../lib/usage-range.ts';

export interface UsageChartProps {
  points: readonly UsagePoint[];
  measure: UsageMeasure;
  step: 'hour' | 'day';
}

type Series = 'costNano' | 'inputTokens' | 'outputTokens' | 'done' | 'errors';

/** What is stacked for each measure, and in which of the colours that stay apart for every eye. */
const stacks: Record<UsageMeasure, readonly [Series, string][]> = {
  spend: [['costNano', 'var(--chart-1)']],
  tokens: [
    ['inputTokens', 'var(--chart-1)'],
    ['outputTokens', 'var(--chart-2)'],
  ],
  calls: [
    ['done', 'var(--chart-1)'],
    ['errors', 'var(--chart-2)'],
  ],
};

function useTimeText(step: 'hour' | 'day'): (at: number) => string {
  const { i18n } = useTranslation('usage');
  const format = useFormat();
  if (step === 'hour') return format.clock;
  const day = new Intl.DateTimeFormat(i18n.language === 'en' ? 'en-GB' : i18n.language, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
  return (at) => day.format(at);
}

export function UsageChart({ points, measure, step }: UsageChartProps) {
  const { t } = useTranslation('usage');
  const format = useFormat();
  const time = useTimeText(step);
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const series = stacks[measure];
  const data = points.map((point) => ({ ...point, done: point.calls - point.errors }));
  const value = (amount: number) => (measure === 'spend' ? format.dollars(amount) : format.whole(amount));
  const axis = (amount: number) => (measure === 'spend' ? format.dollars(amount) : format.compact(amount));
  return (
    <figure>
      <div aria-hidden="true" className="h-64 w-full text-xs">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart data={data} margin={{ top: 4, right: 4, bottom: 0, left: 4 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="at"
              tickFormatter={time}
              stroke="var(--control)"
              tick={{ fill: 'var(--quiet)' }}
              tickLine={false}
              minTickGap={24}
            />
            <YAxis
              width="auto"
              tickFormatter={axis}
              stroke="var(--control)"
              tick={{ fill: 'var(--quiet)' }}
              tickLine={false}
              axisLine={false}
              allowDecimals={measure === 'spend'}
            />
            <Tooltip
              cursor={{ fill: 'var(--pressed)' }}
              isAnimationActive={false}
              labelFormatter={(at) => time(Number(at))}
              formatter={(amount) => value(Number(amount))}
              contentStyle={{
                background: 'var(--raised)',
                border: '1px solid var(--line)',
                borderRadius: 8,
                color: 'var(--ink)',
              }}
            />
            {series.map(([key, color]) => (
              <Bar
                key={key}
                dataKey={key}
                name={t(`series.${key}`)}
                stackId="one"
                fill={color}
                maxBarSize={40}
                isAnimationActive={!still}
                animationDuration={150}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
      <figcaption>
        {series.length > 1 ? (
          <ul aria-hidden="true" className="mt-2 flex flex-wrap gap-4 text-xs text-quiet">
            {series.map(([key, color]) => (
              <li key={key} className="inline-flex items-center gap-1.5">
                <span className="size-2.5 rounded-sm" style={{ background: color }} />
                {t(`series.${key}`)}
              </li>
            ))}
          </ul>
        ) : null}
        <details className="mt-2 text-sm">
          <summary className="text-quiet">{t('as_table')}</summary>
          <section
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            aria-label={t('as_table')}
            className="mt-2 max-h-72 overflow-auto rounded-md border border-line"
          >
            <table className="tabular w-full text-sm">
              <caption className="sr-only">{t(`measure.${measure}`)}</caption>
              <thead className="bg-sunken text-xs text-quiet">
                <tr>
                  <th className="px-3 py-1.5 text-left">{t(`time.${step}`)}</th>
                  {series.map(([key]) => (
                    <th key={key} className="px-3 py-1.5 text-right">
                      {t(`series.${key}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody className="divide-y divide-line">
                {data.map((point) => (
                  <tr key={point.at}>
                    <th scope="row" className="px-3 py-1 text-left font-normal">
                      {time(point.at)}
                    </th>
                    {series.map(([key]) => (
                      <td key={key} className="px-3 py-1 text-right">
                        {value(point[key])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </details>
      </figcaption>
    </figure>
  );
}
