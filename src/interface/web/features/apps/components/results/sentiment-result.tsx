// A label with the probability of each one, as bars: the figure stands beside the bar, so that colour says nothing alone.
import { useTranslation } from 'react-i18next';
import { cx } from '../../../../components/ui/cx.ts';
import { useFormat } from '../../../../lib/format.ts';
import { isObject } from '../../../../lib/json-schema.ts';
import { useFieldWords } from '../../lib/field-words.ts';
import { GenericResult } from './generic-result.tsx';
import type { ResultProps } from './result-props.ts';

export function SentimentResult(props: ResultProps) {
  const { t } = useTranslation('apps');
  const format = useFormat();
  const words = useFieldWords(props.app);
  const { output } = props;
  if (!isObject(output) || typeof output.label !== 'string') return <GenericResult {...props} />;
  const label = output.label;
  const bars = isObject(output.probabilities)
    ? Object.entries(output.probabilities).filter(
        (row): row is [string, number] => typeof row[1] === 'number',
      )
    : [];
  return (
    <div>
      <p className="text-lg font-semibold">{words.value('label', label)}</p>
      {bars.length === 0 ? (
        <p className="mt-1 text-sm text-quiet">{t('result.method_schema')}</p>
      ) : (
        <>
          <h3 className="mt-4 mb-2 text-xs text-quiet">{t('result.probabilities')}</h3>
          <ul className="flex flex-col gap-2.5">
            {[...bars]
              .sort((a, b) => b[1] - a[1])
              .map(([name, share]) => (
                <li
                  key={name}
                  className="grid grid-cols-[minmax(5rem,9rem)_1fr_3.5rem] items-center gap-3 text-sm"
                >
                  <span className={cx('truncate', name === label && 'font-semibold')} title={name}>
                    {words.value('label', name)}
                  </span>
                  <span className="h-2.5 overflow-hidden rounded-full bg-pressed" aria-hidden="true">
                    <span
                      className={cx(
                        'block h-full rounded-full',
                        name === label ? 'bg-chart-1' : 'bg-control',
                      )}
                      style={{ width: `${share * 100}%` }}
                    />
                  </span>
                  <span className="tabular text-right">{format.percent(share)}</span>
                </li>
              ))}
          </ul>
        </>
      )}
    </div>
  );
}
