// A translation, and the passages that a person should look at with the reasons.
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../../lib/format.ts';
import { isObject } from '../../../../lib/json-schema.ts';
import { plainText } from '../../lib/plain-text.ts';
import type { ResultProps } from './result-props.ts';

export function TranslateResult({ output, text, running, renderText }: ResultProps) {
  const { t } = useTranslation('apps');
  const format = useFormat();
  const known = isObject(output) ? output : {};
  const doubtful = Array.isArray(known.doubtful) ? known.doubtful.filter(isObject) : [];
  return (
    <div className="flex flex-col gap-4">
      {renderText(running && text !== '' ? text : plainText(output, text), !running)}
      {typeof known.from === 'string' && typeof known.to === 'string' ? (
        <p className="text-xs text-quiet">
          {format.languageName(known.from)} → {format.languageName(known.to)}
        </p>
      ) : null}
      {doubtful.length > 0 ? (
        <section className="rounded-md bg-needs-soft px-4 py-3 text-sm">
          <h3 className="font-semibold text-needs">{t('result.doubtful', { count: doubtful.length })}</h3>
          <ul className="mt-2 flex flex-col gap-3">
            {doubtful.map((one, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: segments keep their order
              <li key={index} className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
                <p className="break-words">
                  <span className="block text-xs text-quiet">{t('result.original')}</span>
                  {String(one.source ?? '')}
                </p>
                <p className="break-words">
                  <span className="block text-xs text-quiet">{t('result.translation')}</span>
                  {String(one.translation ?? '')}
                </p>
                <p className="text-xs text-quiet sm:col-span-2">
                  {Array.isArray(one.reasons) ? one.reasons.map(String).join(' · ') : ''}
                </p>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}
