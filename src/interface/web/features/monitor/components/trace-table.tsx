// The list of traces: a table on a wide screen, two lines a row on a narrow one. Rows out of sight are not laid out.
import { Link } from '@tanstack/react-router';
import ThumbsDown from 'lucide-react/icons/thumbs-down';
import ThumbsUp from 'lucide-react/icons/thumbs-up';
import { useTranslation } from 'react-i18next';
import type { TraceSummary } from '../../../../../contracts/span.ts';
import { useCostText, useFormat } from '../../../lib/format.ts';
import { useModels } from '../../../lib/queries.ts';
import { useSourceWord } from '../lib/source-word.ts';
import { useTraceName } from '../lib/trace-name.ts';
import { StatusMark } from './status-mark.tsx';

const head = 'px-3 py-2 text-left text-xs font-semibold text-quiet whitespace-nowrap';
const number = `${head} text-right`;
const cell = 'px-3 py-2.5 align-top whitespace-nowrap';

export function RatingMark({ rating }: { rating: number | null }) {
  const { t } = useTranslation('monitor');
  if (rating === null) return null;
  const Icon = rating > 0 ? ThumbsUp : ThumbsDown;
  return (
    <span
      className={rating > 0 ? 'text-ready' : 'text-failed'}
      title={t(rating > 0 ? 'rating.good' : 'rating.bad')}
    >
      <Icon className="inline size-4" aria-hidden="true" />
      <span className="sr-only">{t(rating > 0 ? 'rating.good' : 'rating.bad')}</span>
    </span>
  );
}

/** The name a person knows, and the id of a model that is gone. */
function useModelName(): (id: string | null) => string {
  const models = useModels().data?.models;
  return (id) => (id === null ? '–' : (models?.find((model) => model.id === id)?.displayName ?? id));
}

export function TraceTable({ traces }: { traces: readonly TraceSummary[] }) {
  const { t } = useTranslation('monitor');
  const format = useFormat();
  const costText = useCostText();
  const sourceWord = useSourceWord();
  const modelName = useModelName();
  const traceName = useTraceName();
  return (
    <div className="overflow-hidden rounded-md border border-line bg-raised">
      <table className="w-full table-fixed border-collapse text-sm lg:table-auto">
        <caption className="sr-only">{t('title')}</caption>
        <thead className="hidden border-b border-line bg-sunken lg:table-header-group">
          <tr>
            <th className={head}>{t('column.time')}</th>
            <th className={`${head} w-full`}>{t('column.name')}</th>
            <th className={head}>{t('column.model')}</th>
            <th className={number} title={t('column.tokens_hint')}>
              {t('column.tokens')}
            </th>
            <th className={number}>{t('column.duration')}</th>
            <th className={number} title={t('column.first_hint')}>
              {t('column.first')}
            </th>
            <th className={number}>{t('column.cost')}</th>
            <th className={head}>{t('column.rating')}</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {traces.map((trace) => {
            const startMs = trace.startUs / 1000;
            const duration = trace.durationMs === null ? '…' : format.duration(trace.durationMs);
            const tokens = `${format.whole(trace.usage.input)} → ${format.whole(trace.usage.output)}`;
            return (
              <tr key={trace.traceId} className="relative hover:bg-sunken">
                <td className={`${cell} tabular hidden text-quiet lg:table-cell`}>
                  <time dateTime={new Date(startMs).toISOString()} title={format.exact(startMs)}>
                    {format.stamp(startMs)}
                  </time>
                </td>
                <td className={`${cell} max-w-0`}>
                  <div className="flex items-center gap-2">
                    <StatusMark status={trace.status} />
                    <Link
                      to="/monitor/$traceId"
                      params={{ traceId: trace.traceId }}
                      className="min-w-0 truncate after:absolute after:inset-0"
                    >
                      {traceName(trace.name)}
                    </Link>
                    {trace.source ? (
                      <span className="hidden text-xs text-quiet xl:inline">{sourceWord(trace.source)}</span>
                    ) : null}
                    <span className="grow" />
                    <span className="tabular shrink-0 text-xs text-quiet lg:hidden">
                      {format.when(startMs)}
                    </span>
                  </div>
                  <p className="tabular mt-0.5 flex gap-x-3 overflow-hidden pl-6 text-xs text-quiet lg:hidden">
                    <span className="min-w-0 truncate">{modelName(trace.model)}</span>
                    <span>{tokens}</span>
                    <span>{duration}</span>
                    <RatingMark rating={trace.rating} />
                  </p>
                </td>
                <td
                  className={`${cell} hidden max-w-56 truncate text-quiet lg:table-cell`}
                  title={trace.model ?? undefined}
                >
                  {modelName(trace.model)}
                </td>
                <td className={`${cell} tabular hidden text-right lg:table-cell`}>{tokens}</td>
                <td className={`${cell} tabular hidden text-right lg:table-cell`}>{duration}</td>
                <td className={`${cell} tabular hidden text-right text-quiet lg:table-cell`}>
                  {trace.timeToFirstTokenMs === null ? '–' : format.duration(trace.timeToFirstTokenMs)}
                </td>
                <td className={`${cell} tabular hidden text-right lg:table-cell`}>
                  <span
                    className={
                      trace.cost.kind === 'unknown'
                        ? 'text-needs'
                        : trace.cost.kind === 'none'
                          ? 'text-quiet'
                          : ''
                    }
                  >
                    {costText(trace.cost)}
                  </span>
                </td>
                <td className={`${cell} hidden lg:table-cell`}>
                  <RatingMark rating={trace.rating} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
