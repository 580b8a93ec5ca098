// Any output: text as Markdown, lists and objects by name, everything else as it is.
import { useTranslation } from 'react-i18next';
import { LongText } from '../../../../components/run/long-text.tsx';
import { useFormat } from '../../../../lib/format.ts';
import { isObject } from '../../../../lib/json-schema.ts';
import { humanName } from '../../lib/field-words.ts';
import type { RenderText, ResultProps } from './result-props.ts';

export function GenericResult({ output, text, running, renderText }: ResultProps) {
  if (output === undefined) return renderText(text, !running);
  return <Value value={output} renderText={renderText} depth={0} />;
}

const DEEPEST = 3;

function Value({ value, renderText, depth }: { value: unknown; renderText: RenderText; depth: number }) {
  const { t } = useTranslation('apps');
  const format = useFormat();
  if (typeof value === 'string')
    return value === '' ? <span className="text-quiet">–</span> : renderText(value, true);
  if (typeof value === 'number')
    return (
      <span className="tabular">
        {Number.isInteger(value) ? format.whole(value) : format.decimal(value, 3)}
      </span>
    );
  if (typeof value === 'boolean') return <span>{t(value ? 'result.true' : 'result.false')}</span>;
  if (value === null || value === undefined) return <span className="text-quiet">{t('result.null')}</span>;
  if (depth >= DEEPEST) return <LongText text={JSON.stringify(value, null, 2)} />;
  if (Array.isArray(value))
    return (
      <ol className="flex flex-col gap-2">
        {value.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a result never changes its order
          <li key={index} className="border-l-2 border-line pl-3">
            <Value value={one} renderText={renderText} depth={depth + 1} />
          </li>
        ))}
      </ol>
    );
  if (!isObject(value)) return <LongText text={JSON.stringify(value)} />;
  return (
    <dl className="flex flex-col gap-3">
      {Object.entries(value).map(([name, one]) => (
        <div key={name}>
          <dt className="text-xs text-quiet">{humanName(name)}</dt>
          <dd className="min-w-0">
            <Value value={one} renderText={renderText} depth={depth + 1} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
