// Apps that write a text: it streams as Markdown, with a quiet line of what else is known.
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../../lib/format.ts';
import { isObject } from '../../../../lib/json-schema.ts';
import { plainText } from '../../lib/plain-text.ts';
import type { ResultProps } from './result-props.ts';

export function TextResult({ output, text, running, renderText }: ResultProps) {
  const { t } = useTranslation('apps');
  const format = useFormat();
  const known = isObject(output) ? output : {};
  const facts = [
    typeof known.words === 'number' ? t('result.words', { count: known.words }) : null,
    typeof known.parts === 'number' && known.parts > 1 ? t('result.parts', { count: known.parts }) : null,
    typeof known.language === 'string' ? format.languageName(known.language) : null,
  ].filter((fact) => fact !== null);
  return (
    <>
      {renderText(running && text !== '' ? text : plainText(output, text), !running)}
      {facts.length > 0 ? <p className="tabular mt-3 text-xs text-quiet">{facts.join(' · ')}</p> : null}
    </>
  );
}
