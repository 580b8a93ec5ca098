// Each label on its own: how many examples, and how well it is found.
import { useTranslation } from 'react-i18next';
import type { Classifier } from '../../../../../contracts/classifier.ts';
import { Tooltip } from '../../../components/ui/tooltip.tsx';
import { useFormat } from '../../../lib/format.ts';

export function LabelTable({ classifier }: { classifier: Classifier }) {
  const { t } = useTranslation('classifiers');
  const format = useFormat();
  const figures = ['precision', 'recall', 'f1'] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div tabIndex={0} className="overflow-x-auto rounded-md border border-line bg-raised">
      <table className="w-full text-sm">
        <thead className="text-xs text-quiet">
          <tr>
            <th scope="col" className="px-4 py-2 text-left">
              {t('label')}
            </th>
            <th scope="col" className="px-3 py-2 text-right">
              {t('examples')}
            </th>
            {figures.map((figure) => (
              <th key={figure} scope="col" className="px-3 py-2 text-right">
                <Tooltip text={t(`figure_about.${figure}`)}>
                  <span
                    // biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip must be reachable by keyboard
                    tabIndex={0}
                    className="rounded-sm underline decoration-dotted underline-offset-2 whitespace-nowrap"
                  >
                    {t(`figure.${figure}`)}
                  </span>
                </Tooltip>
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line tabular">
          {classifier.report.perLabel.map((one) => (
            <tr key={one.label}>
              <th scope="row" className="max-w-60 truncate px-4 py-1.5 text-left" title={one.label}>
                {one.label}
              </th>
              <td className="px-3 py-1.5 text-right text-quiet">{format.whole(one.examples)}</td>
              {figures.map((figure) => (
                <td key={figure} className="px-3 py-1.5 text-right">
                  {format.decimal(one[figure], 2)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
