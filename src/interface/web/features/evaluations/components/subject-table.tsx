// Who was asked: score with its interval, what it costs, how long it takes, how often it failed.
import { useTranslation } from 'react-i18next';
import type { Evaluation, SubjectSummary } from '../../../../../contracts/evaluation.ts';
import { useFormat } from '../../../lib/format.ts';
import { IntervalBar } from './interval-bar.tsx';
import { useParametersText, useSubjectName } from './use-words.ts';

const head = 'px-3 py-2 text-right text-xs font-semibold text-quiet whitespace-nowrap';
const cell = 'tabular px-3 py-2.5 text-right align-top whitespace-nowrap';
const wide = 'hidden md:table-cell';

export function SubjectTable({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation(['evaluations', 'common']);
  const format = useFormat();
  const nameOf = useSubjectName();
  const parameters = useParametersText();
  const score = ({ score: { value, low, high } }: SubjectSummary) =>
    t('interval', {
      value: format.decimal(value, 2),
      low: format.decimal(low, 2),
      high: format.decimal(high, 2),
    });
  const money = (nano: number | null) =>
    nano === null ? t('common:cost.unknown') : nano === 0 ? t('common:cost.none') : format.dollars(nano);
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t('subjects')}
      className="mb-10 overflow-x-auto rounded-md border border-line bg-raised"
    >
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{t('subjects')}</caption>
        <thead className="bg-sunken">
          <tr>
            <th className={`${head} text-left!`}>{t('column.subject')}</th>
            <th className={`${head} w-64 text-left!`} title={t('column.score_hint')}>
              {t('column.score')}
            </th>
            <th className={`${head} ${wide}`}>{t('column.failed')}</th>
            <th className={`${head} ${wide}`}>{t('column.cost')}</th>
            <th className={`${head} ${wide}`}>{t('column.cost_thousand')}</th>
            <th className={`${head} ${wide}`} title={t('column.p50_hint')}>
              {t('column.p50')}
            </th>
            <th className={`${head} ${wide}`} title={t('column.p95_hint')}>
              {t('column.p95')}
            </th>
            <th className={`${head} ${wide}`} title={t('column.tokens_hint')}>
              {t('column.tokens')}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {evaluation.subjects.map((one, index) => (
            <tr
              // biome-ignore lint/suspicious/noArrayIndexKey: a subject is known by its place
              key={index}
            >
              <th scope="row" className="px-3 py-2.5 text-left align-top font-normal md:min-w-48">
                <span className="block break-words">{nameOf(one.subject)}</span>
                <span className="block text-xs text-quiet">
                  {[index === 0 ? t('against_this') : '', parameters(one.subject)]
                    .filter((part) => part !== '')
                    .join(' · ')}
                </span>
                <span className="tabular mt-1 block text-xs text-quiet md:hidden">
                  {[
                    one.failed > 0
                      ? t('failed_short', { count: one.failed, n: format.whole(one.failed) })
                      : null,
                    t('thousand', { cost: money(one.costNano === null ? null : one.costNano * 1000) }),
                    format.duration(one.latencyMs.p50),
                  ]
                    .filter((part) => part !== null)
                    .join(' · ')}
                </span>
              </th>
              <td className="px-3 py-2.5 align-top">
                <IntervalBar score={one.score} />
                <span className="tabular text-xs">{score(one)}</span>
                <Metrics metrics={one.metrics} />
              </td>
              <td className={`${cell} ${wide} ${one.failed > 0 ? 'text-failed' : 'text-quiet'}`}>
                {t('failed_of', { failed: format.whole(one.failed), asked: format.whole(one.asked) })}
              </td>
              <td className={`${cell} ${wide}`}>{money(one.costNano)}</td>
              <td className={`${cell} ${wide}`}>
                {money(one.costNano === null ? null : one.costNano * 1000)}
              </td>
              <td className={`${cell} ${wide}`}>{format.duration(one.latencyMs.p50)}</td>
              <td className={`${cell} ${wide}`}>{format.duration(one.latencyMs.p95)}</td>
              <td className={`${cell} ${wide}`}>{format.whole(one.outputTokens)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A metric with an interval has its ends beside it under these names. */
const isEnd = (name: string) => /(Low|High)$/.test(name);

function Metrics({ metrics }: Pick<SubjectSummary, 'metrics'>) {
  const { t, i18n } = useTranslation('evaluations');
  const format = useFormat();
  const word = (name: string) => {
    const key = `metric.${name}`;
    return i18n.exists(key, { ns: 'evaluations' }) ? String(t(key as never)) : name;
  };
  const written = (name: string, value: number) => {
    const low = metrics[`${name}Low`];
    const high = metrics[`${name}High`];
    if (name.endsWith('Nano')) return format.dollars(value);
    const figure = format.decimal(value, 2);
    return low === undefined || high === undefined
      ? figure
      : t('interval', { value: figure, low: format.decimal(low, 2), high: format.decimal(high, 2) });
  };
  const rows = Object.entries(metrics).filter(([name]) => !isEnd(name));
  if (rows.length === 0) return null;
  return (
    <span className="tabular block text-xs text-quiet">
      {rows.map(([name, value]) => `${word(name)} ${written(name, value)}`).join(' · ')}
    </span>
  );
}
