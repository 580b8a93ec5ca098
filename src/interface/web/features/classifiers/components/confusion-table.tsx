// What each label was taken for: figures in a table whose cells are as dark as their share of the row, and in words.
import { useTranslation } from 'react-i18next';
import type { Classifier } from '../../../../../contracts/classifier.ts';
import { cx } from '../../../components/ui/cx.ts';
import { useFormat } from '../../../lib/format.ts';
import { shareOfRow, topConfusions } from '../lib/confusions.ts';

const TOLD = 3;

export function ConfusionTable({ classifier }: { classifier: Classifier }) {
  const { t } = useTranslation('classifiers');
  const format = useFormat();
  const { perLabel, confusion } = classifier.report;
  const labels = perLabel.map(({ label }) => label);
  const told = topConfusions(labels, confusion, TOLD);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div tabIndex={0} className="overflow-x-auto rounded-md border border-line bg-raised">
        <table className="min-w-full text-sm tabular">
          <caption className="sr-only">{t('confusion.title')}</caption>
          <thead>
            <tr className="text-xs text-quiet">
              <th scope="col" className="sticky left-0 bg-raised px-3 py-2 text-left font-normal">
                {t('confusion.is')} <span aria-hidden="true">↓</span> {t('confusion.said')}{' '}
                <span aria-hidden="true">→</span>
              </th>
              {labels.map((label) => (
                <th key={label} scope="col" className="max-w-36 truncate px-2 py-2 text-center" title={label}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map((label, row) => (
              <tr key={label} className="border-t border-line">
                <th
                  scope="row"
                  className="sticky left-0 max-w-44 truncate bg-raised px-3 py-1.5 text-left"
                  title={label}
                >
                  {label}
                </th>
                {labels.map((other, column) => {
                  const count = confusion[row]?.[column] ?? 0;
                  const share = shareOfRow(confusion[row] ?? [], column);
                  return (
                    <td
                      key={other}
                      className={cx(
                        'min-w-12 px-2 py-1.5 text-center',
                        row === column && 'font-semibold',
                        count === 0 && 'text-quiet',
                      )}
                      style={{
                        background: `color-mix(in srgb, var(--${row === column ? 'ready' : 'failed'}) ${Math.round(
                          share * (row === column ? 22 : 34),
                        )}%, transparent)`,
                      }}
                    >
                      {format.whole(count)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className="mt-3 flex flex-col gap-1 text-sm">
        {told.length === 0 ? <li>{t('confusion.none')}</li> : null}
        {told.map(({ is, said, count, share }) => (
          <li key={`${is} ${said}`}>
            {t('confusion.words', { is, said, count, n: format.whole(count), share: format.percent(share) })}
          </li>
        ))}
      </ul>
    </>
  );
}
