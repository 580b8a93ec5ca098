// Lines over the steps of a training; the same figures stand in a table below for whoever cannot see lines.
import { useTranslation } from 'react-i18next';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { cx } from '../../../components/ui/cx.ts';
import { Tooltip as Hint } from '../../../components/ui/tooltip.tsx';
import { useFormat } from '../../../lib/format.ts';
import { niceTicks } from '../lib/series.ts';

export interface StepRow {
  step: number;
}

export interface StepSeries<T extends StepRow> {
  key: keyof T & string;
  name: string;
  color: string;
  /** Few values with a dot each, over a line of many. */
  dots?: boolean;
  /** What the line is of, in a sentence; shown on hover and focus. */
  hint?: string;
}

export interface StepLineChartProps<T extends StepRow> {
  title: string;
  /** What the lines say, in a sentence. */
  summary?: string;
  rows: readonly T[];
  series: readonly StepSeries<T>[];
  value: (value: number) => string;
  small?: boolean;
  /** Beside another of its kind: half as high. */
  half?: boolean;
  /** A step that is marked, with its word. */
  mark?: { step: number; label: string } | null;
}

export function StepLineChart<T extends StepRow>(props: StepLineChartProps<T>) {
  const { title, summary, rows, series, value, small = false, half = false, mark } = props;
  const { t } = useTranslation('training');
  const format = useFormat();
  const values = rows.flatMap((row) =>
    series.map(({ key }) => row[key]).filter((one) => typeof one === 'number'),
  );
  const steps = niceTicks(0, Math.max(1, ...rows.map(({ step }) => step)), small ? 3 : 8).filter(
    Number.isInteger,
  );
  const heights = niceTicks(Math.min(...values), Math.max(...values), small ? 2 : 4);
  return (
    <figure aria-label={title} className="min-w-0">
      <figcaption className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span className={small ? 'text-xs font-semibold' : 'text-base font-semibold'}>{title}</span>
        {series.length > 1 || series.some(({ hint }) => hint !== undefined) ? (
          <ul className="flex flex-wrap gap-4 text-xs text-quiet">
            {series.map(({ key, name, color, dots, hint }) => (
              <li key={key} className="inline-flex items-center gap-1.5">
                <span
                  aria-hidden="true"
                  className={cx('h-0.5 w-4 rounded-full', dots && 'size-2! rounded-full')}
                  style={{ background: color }}
                />
                {hint === undefined ? (
                  name
                ) : (
                  <Hint text={hint}>
                    <span
                      // biome-ignore lint/a11y/noNoninteractiveTabindex: the sentence must be reachable by keyboard
                      tabIndex={0}
                      className="rounded-sm underline decoration-dotted underline-offset-2"
                    >
                      {name}
                    </span>
                  </Hint>
                )}
              </li>
            ))}
          </ul>
        ) : null}
      </figcaption>
      {summary ? <p className="tabular mb-2 text-sm text-quiet">{summary}</p> : null}
      <div aria-hidden="true" className={cx('w-full text-xs', small ? 'h-32' : half ? 'h-56' : 'h-72')}>
        <ResponsiveContainer width="100%" height="100%">
          <LineChart
            data={[...rows]}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="step"
              type="number"
              domain={[0, 'dataMax']}
              ticks={steps.filter((step) => step <= (rows.at(-1)?.step ?? 0))}
              tickFormatter={(step) => format.whole(Number(step))}
              stroke="var(--control)"
              tick={{ fill: 'var(--quiet)' }}
              tickLine={false}
              minTickGap={32}
              allowDecimals={false}
            />
            <YAxis
              width="auto"
              domain={[heights[0] ?? 0, heights.at(-1) ?? 1]}
              ticks={heights}
              tickFormatter={(amount) => value(Number(amount))}
              stroke="var(--control)"
              tick={{ fill: 'var(--quiet)' }}
              tickLine={false}
              axisLine={false}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: 'var(--control)' }}
              labelFormatter={(step) => t('chart.at_step', { step: format.whole(Number(step)) })}
              formatter={(amount) => value(Number(amount))}
              contentStyle={{
                background: 'var(--raised)',
                border: '1px solid var(--line)',
                borderRadius: 8,
                color: 'var(--ink)',
              }}
            />
            {mark ? (
              <ReferenceLine
                x={mark.step}
                stroke="var(--ready)"
                strokeDasharray="3 3"
                label={{ value: mark.label, position: 'insideTopRight', fill: 'var(--ready)', fontSize: 12 }}
              />
            ) : null}
            {series.map(({ key, name, color, dots }) => (
              // Points come every quarter of a second: a line that is still moving would never be at rest.
              <Line
                key={key}
                type="linear"
                dataKey={(row: T) => row[key] as number | null}
                name={name}
                stroke={color}
                strokeWidth={dots ? 2 : 1.5}
                dot={dots ? { r: 3, fill: color, strokeWidth: 0 } : rows.length === 1}
                connectNulls
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
      {small ? null : (
        <details className="mt-2 text-sm">
          <summary className="text-quiet">{t('chart.as_table')}</summary>
          <section
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            aria-label={t('chart.as_table')}
            className="mt-2 max-h-72 overflow-auto rounded-md border border-line"
          >
            <table className="tabular w-full text-sm">
              <caption className="sr-only">{title}</caption>
              <thead className="bg-sunken text-xs text-quiet">
                <tr>
                  <th className="px-3 py-1.5 text-left">{t('chart.step')}</th>
                  {series.map(({ key, name }) => (
                    <th key={key} className="px-3 py-1.5 text-right">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody className="divide-y divide-line">
                {rows.map((row) => (
                  <tr key={row.step}>
                    <th scope="row" className="px-3 py-1 text-left font-normal">
                      {format.whole(row.step)}
                    </th>
                    {series.map(({ key }) => {
                      const amount = row[key];
                      return (
                        <td key={key} className="px-3 py-1 text-right">
                          {typeof amount === 'number' ? value(amount) : '–'}
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </details>
      )}
    </figure>
  );
}
