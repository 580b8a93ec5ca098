// What the model answered at its checkpoints, side by side: a column a checkpoint, a row a prompt.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../lib/format.ts';
import { type Series, sampleTable } from '../lib/series.ts';

export function Samples({ samples, bestStep }: { samples: Series['samples']; bestStep: number | null }) {
  const { t } = useTranslation('training');
  const format = useFormat();
  const table = useMemo(() => sampleTable(samples, bestStep), [samples, bestStep]);
  if (table.steps.length === 0) return <p className="text-sm text-quiet">{t('samples.none')}</p>;
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t('samples.title')}
      className="overflow-x-auto rounded-md border border-line bg-raised"
    >
      <table className="w-full border-collapse text-sm">
        <thead className="bg-sunken text-xs text-quiet">
          <tr>
            <th className="w-56 min-w-40 px-3 py-2 text-left">{t('samples.prompt')}</th>
            {table.steps.map((step) => (
              <th key={step} className="tabular min-w-56 px-3 py-2 text-left">
                {step === 0 ? t('samples.before') : t('chart.at_step', { step: format.whole(step) })}
                {step === bestStep ? <span className="ml-2 text-ready">{t('chart.kept')}</span> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {table.rows.map(({ prompt, answers }) => (
            <tr key={prompt}>
              <th scope="row" className="px-3 py-2.5 text-left align-top font-normal break-words text-quiet">
                {prompt}
              </th>
              {answers.map((answer, i) => (
                <td key={table.steps[i]} className="px-3 py-2.5 align-top break-words whitespace-pre-wrap">
                  {answer ?? <span className="text-quiet">–</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
