// What was measured of an app: a row for each model and test set, with its interval.
import Ruler from 'lucide-react/icons/ruler';
import { useTranslation } from 'react-i18next';
import type { AppFigure } from '../../../../../contracts/app.ts';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useMetricWord } from '../../../lib/metric-word.ts';
import { findModel, useModels } from '../../../lib/queries.ts';

export function Figures({ figures }: { figures: readonly AppFigure[] }) {
  const { t } = useTranslation('apps');
  const format = useFormat();
  const metricWord = useMetricWord();
  const models = useModels().data;
  if (figures.length === 0) return <EmptyState icon={<Ruler />} title={t('figure.none')} />;
  const number = 'px-3 py-2 text-right';
  return (
    <>
      <p className="mb-3 max-w-2xl text-sm text-quiet">{t('figure.lead')}</p>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t('view.figures')}
        className="overflow-x-auto rounded-md border border-line bg-raised"
      >
        <table className="tabular w-full text-sm whitespace-nowrap">
          <thead className="bg-sunken text-xs text-quiet">
            <tr>
              <th className="px-3 py-2 text-left">{t('figure.model')}</th>
              <th className="px-3 py-2 text-left">{t('figure.set')}</th>
              <th className="px-3 py-2 text-left">{t('figure.metric')}</th>
              <th className={number}>{t('figure.value')}</th>
              <th className={number}>{t('figure.interval')}</th>
              <th className={number}>{t('figure.rows')}</th>
              <th className={number}>{t('figure.when')}</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {figures.map((figure) => (
              <tr key={`${figure.model} ${figure.set} ${figure.metric}`}>
                <td className="px-3 py-2">{findModel(models, figure.model)?.displayName ?? figure.model}</td>
                <td className="px-3 py-2">{figure.set}</td>
                <td className="px-3 py-2">{metricWord(figure.metric)}</td>
                <td className={`${number} font-semibold`}>{format.decimal(figure.value, 3)}</td>
                <td className={number}>
                  {figure.low === null || figure.high === null
                    ? '–'
                    : `${format.decimal(figure.low, 3)} – ${format.decimal(figure.high, 3)}`}
                </td>
                <td className={number}>{format.whole(figure.rows)}</td>
                <td className={number}>
                  {figure.origin === 'here'
                    ? format.day(figure.measuredAt)
                    : t('figure.shipped', { day: format.day(figure.measuredAt) })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
