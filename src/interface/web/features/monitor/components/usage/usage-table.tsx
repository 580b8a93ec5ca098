// The figures by model, person, key, app or source: a table on a wide screen, two lines a row on a narrow one. The name
// leads to the traces behind the figures.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { UsageReport, UsageRow } from '../../../../../../contracts/usage.ts';
import { useFormat } from '../../../../lib/format.ts';
import { useModels } from '../../../../lib/queries.ts';
import type { UsageTable as By, TraceSearch } from '../../filters.ts';
import { useSourceWord } from '../../lib/source-word.ts';

const head = 'px-3 py-2 text-right text-xs font-semibold text-quiet whitespace-nowrap';
const cell = 'tabular px-3 py-2.5 text-right whitespace-nowrap';
const wide = 'hidden lg:table-cell';

const filterOf: Record<By, keyof TraceSearch> = {
  model: 'model',
  user: 'userId',
  key: 'keyId',
  app: 'app',
  source: 'source',
};

export interface UsageTableProps {
  report: UsageReport;
  by: By;
  period: { from: number; to?: number };
}

export function UsageTable({ report, by, period }: UsageTableProps) {
  const { t } = useTranslation('usage');
  const format = useFormat();
  const sourceWord = useSourceWord();
  const models = useModels().data?.models;
  const nameOf = ({ group, label }: UsageRow): string => {
    if (group === '') return t(`none.${by}`);
    if (by === 'model') return models?.find(({ id }) => id === group)?.displayName ?? group;
    if (by === 'source') return sourceWord(group);
    return label || group;
  };
  const spend = (row: UsageRow) => (
    <>
      {format.dollars(row.costNano)}
      {row.unpricedCalls > 0 ? (
        <span
          className="text-needs"
          title={t('unpriced', { count: row.unpricedCalls, n: format.whole(row.unpricedCalls) })}
        >
          {' '}
          + ?
        </span>
      ) : null}
    </>
  );
  const tokens = (row: UsageRow) => `${format.whole(row.inputTokens)} → ${format.whole(row.outputTokens)}`;
  const ms = (value: number | undefined) => (value === undefined ? '–' : format.duration(value));
  const figures = (row: UsageRow) => (
    <>
      <td className={`${cell} ${wide}`}>{format.whole(row.calls)}</td>
      <td className={`${cell} ${wide} ${row.errors > 0 ? 'text-failed' : 'text-quiet'}`}>
        {format.whole(row.errors)}
      </td>
      <td className={`${cell} ${wide}`}>{tokens(row)}</td>
      <td className={cell}>{spend(row)}</td>
      <td className={`${cell} ${wide} text-quiet`}>{ms(row.durationMs?.p50)}</td>
      <td className={`${cell} ${wide} text-quiet`}>{ms(row.durationMs?.p95)}</td>
      <td className={`${cell} ${wide} text-quiet`}>{ms(row.firstTokenMs?.p50)}</td>
    </>
  );
  return (
    <div className="overflow-hidden rounded-md border border-line bg-raised">
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{t('table')}</caption>
        <thead className="border-b border-line bg-sunken">
          <tr>
            <th className={`${head} w-full text-left!`}>{t(`by.${by}`)}</th>
            <th className={`${head} ${wide}`}>{t('column.calls')}</th>
            <th className={`${head} ${wide}`}>{t('column.errors')}</th>
            <th className={`${head} ${wide}`}>{t('column.tokens')}</th>
            <th className={head}>{t('measure.spend')}</th>
            <th className={`${head} ${wide}`} title={t('column.p50_hint')}>
              {t('column.p50')}
            </th>
            <th className={`${head} ${wide}`} title={t('column.p95_hint')}>
              {t('column.p95')}
            </th>
            <th className={`${head} ${wide}`} title={t('column.first_hint')}>
              {t('column.first')}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {report.rows.map((row) => (
            <tr key={row.group} className="relative hover:bg-sunken">
              <th scope="row" className="max-w-0 px-3 py-2.5 text-left font-normal">
                {row.group === '' ? (
                  <span className="text-quiet">{nameOf(row)}</span>
                ) : (
                  <Link
                    to="/monitor"
                    search={{ [filterOf[by]]: row.group, ...period }}
                    title={row.group}
                    className="block truncate after:absolute after:inset-0 hover:underline"
                  >
                    {nameOf(row)}
                  </Link>
                )}
                <span className="tabular mt-0.5 flex gap-3 overflow-hidden text-xs text-quiet lg:hidden">
                  <span>{t('calls', { count: row.calls, n: format.whole(row.calls) })}</span>
                  <span className="truncate">{tokens(row)}</span>
                </span>
              </th>
              {figures(row)}
            </tr>
          ))}
        </tbody>
        <tfoot className="border-t border-control">
          <tr>
            <th scope="row" className="px-3 py-2.5 text-left">
              {t('total')}
            </th>
            {figures(report.total)}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
