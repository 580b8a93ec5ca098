// What came of an import or a collection: counts, and what gave no example, with line and reason.
import Download from 'lucide-react/icons/download';
import { useTranslation } from 'react-i18next';
import type { ImportFault, ImportReport } from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { useFormat } from '../../../lib/format.ts';
import { saveText } from '../../../lib/save-text.ts';
import { reportCsv } from '../lib/report-csv.ts';
import { fileShapes } from '../lib/shapes.ts';

const known = [
  'wrong_role',
  'empty',
  'too_long',
  'not_json',
  'wrong_encoding',
  'wrong_shape',
  'wrong_columns',
  'open_quote',
  'no_answer',
  'same_answers',
  'tools',
] as const;

export function ImportReportView({ report, name }: { report: ImportReport; name: string }) {
  const { t } = useTranslation('datasets');
  const format = useFormat();
  const shape = fileShapes.find((one) => one === report.shape);
  const wordsOf = ({ code, message }: ImportFault): string => {
    const one = known.find((each) => each === code);
    return one ? t(`fault.${one}`) : message;
  };
  const figures = [
    ['added', report.added, 'text-ready'],
    ['known', report.known, 'text-ink'],
    ['duplicates', report.duplicates, 'text-ink'],
    ['without_consent', report.withoutConsent, 'text-needs'],
    ['faults', report.faultCount, 'text-failed'],
  ] as const;
  return (
    <section aria-label={t('report.title')} className="flex flex-col gap-4">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
        {figures
          .filter(([word, value]) => value > 0 || word === 'added')
          .map(([word, value, colour]) => (
            <div key={word} className="flex flex-col-reverse justify-end">
              <dt className="text-xs text-quiet">{t(`report.${word}`)}</dt>
              <dd className={cx('text-lg font-semibold tabular', value > 0 ? colour : 'text-quiet')}>
                {format.whole(value)}
              </dd>
            </div>
          ))}
      </dl>
      {shape || report.heldBackBy?.length ? (
        <p className="text-xs text-quiet">
          {shape ? t('report.shape', { shape: t(`import.shapes.${shape}`) }) : null}{' '}
          {report.heldBackBy?.length
            ? t('report.held_back_by', { names: report.heldBackBy.join(', ') })
            : null}
        </p>
      ) : null}
      {report.trimmedLabels ? (
        <p className="text-xs text-quiet">
          {t('report.trimmed', { count: report.trimmedLabels, n: format.whole(report.trimmedLabels) })}
        </p>
      ) : null}
      {report.faults.length > 0 ? (
        <div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <div tabIndex={0} className="max-h-72 overflow-auto rounded-md border border-line">
            <table className="w-full text-left text-sm">
              <thead className="sticky top-0 bg-sunken text-xs text-quiet">
                <tr>
                  <th scope="col" className="w-16 px-3 py-1.5 text-right">
                    {t('report.line')}
                  </th>
                  <th scope="col" className="px-3 py-1.5">
                    {t('report.reason')}
                  </th>
                </tr>
              </thead>
              <tbody className="divide-y divide-line">
                {report.faults.map((fault, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes
                  <tr key={index} className="align-top">
                    <td className="px-3 py-1.5 text-right tabular text-quiet">
                      {fault.line === null ? '–' : format.whole(fault.line)}
                    </td>
                    <td className="px-3 py-1.5">
                      <span className="block">{wordsOf(fault)}</span>
                      {wordsOf(fault) === fault.message ? null : (
                        <span lang="en" className="block text-xs break-words text-quiet">
                          {fault.message}
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div className="mt-2 flex flex-wrap items-center justify-between gap-2">
            <p className="text-xs text-quiet">
              {report.faultCount > report.faults.length
                ? t('report.more_faults', {
                    shown: format.whole(report.faults.length),
                    n: format.whole(report.faultCount),
                  })
                : null}
            </p>
            <Button
              size="small"
              icon={<Download />}
              onClick={() => saveText(`${name}.faults.csv`, reportCsv(report.faults, wordsOf), 'text/csv')}
            >
              {t('report.download')}
            </Button>
          </div>
        </div>
      ) : null}
    </section>
  );
}
