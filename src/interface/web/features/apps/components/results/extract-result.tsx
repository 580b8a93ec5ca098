// Extracted values: the text with every place marked, and a table of what was found where.
import { useTranslation } from 'react-i18next';
import { isObject } from '../../../../lib/json-schema.ts';
import type { Mark } from '../../lib/highlight.ts';
import { MarkedText } from './marked-text.tsx';
import type { ResultProps } from './result-props.ts';

interface Found {
  name: string;
  value: unknown;
  matches: { text: string; start: number; end: number }[];
}

const records = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const place = (value: Record<string, unknown>) => ({
  text: String(value.text ?? ''),
  start: Number(value.start ?? -1),
  end: Number(value.end ?? -1),
});

function readFields(output: Record<string, unknown>): Found[] {
  return records(output.fields).map((field) => ({
    name: String(field.name ?? ''),
    value: field.value,
    matches: records(field.matches).map(place),
  }));
}

export function ExtractResult({ input, output }: ResultProps) {
  const { t } = useTranslation('apps');
  const text = isObject(input) && typeof input.text === 'string' ? input.text : '';
  if (!isObject(output)) return null;
  const fields = readFields(output);
  const entities = records(output.entities).map((one) => ({ label: String(one.label ?? ''), ...place(one) }));
  const marks: Mark[] = [
    ...fields.flatMap(({ name, matches }) => matches.map(({ start, end }) => ({ start, end, label: name }))),
    ...entities.map(({ start, end, label }) => ({ start, end, label })),
  ];
  const cell = 'px-3 py-2 text-left align-top';
  const at = (start: number, end: number) => (start < 0 ? '' : t('result.at', { start, end }));
  const shown = (value: unknown): string =>
    value === null || value === undefined
      ? t('result.empty_value')
      : typeof value === 'boolean'
        ? t(value ? 'result.true' : 'result.false')
        : Array.isArray(value)
          ? value.join(', ')
          : String(value);
  return (
    <div className="flex flex-col gap-5">
      {fields.length > 0 ? (
        <Table title={t('result.fields')} head={[t('result.field'), t('result.value'), t('result.where')]}>
          {fields.map((field) => (
            <tr key={field.name}>
              <th scope="row" className={cell}>
                {field.name}
              </th>
              <td className={`${cell} break-words ${field.value === null ? 'text-quiet' : ''}`}>
                {shown(field.value)}
              </td>
              <td className={`${cell} tabular text-xs text-quiet`}>
                {field.matches.map(({ text: quote, start, end }) => (
                  <span key={start} className="block">
                    <q>{quote}</q> · {at(start, end)}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </Table>
      ) : null}
      {entities.length > 0 ? (
        <Table title={t('result.entities')} head={[t('result.value'), t('result.field'), t('result.where')]}>
          {entities.map((entity) => (
            <tr key={`${entity.start} ${entity.label}`}>
              <td className={`${cell} break-words`}>{entity.text}</td>
              <td className={cell}>{entity.label}</td>
              <td className={`${cell} tabular text-xs text-quiet`}>{at(entity.start, entity.end)}</td>
            </tr>
          ))}
        </Table>
      ) : null}
      {marks.length === 0 ? <p className="text-sm text-quiet">{t('result.nothing')}</p> : null}
      {text === '' || marks.length === 0 ? null : (
        <div>
          <h3 className="mb-1 text-xs text-quiet">{t('result.text')}</h3>
          <MarkedText text={text} marks={marks} />
        </div>
      )}
    </div>
  );
}

interface TableProps {
  title: string;
  head: readonly string[];
  children: React.ReactNode;
}

function Table({ title, head, children }: TableProps) {
  return (
    <div className="overflow-hidden rounded-md border border-line bg-raised">
      <table className="w-full table-fixed text-sm">
        <caption className="sr-only">{title}</caption>
        <thead className="bg-sunken text-xs text-quiet">
          <tr>
            {head.map((name) => (
              <th key={name} scope="col" className="px-3 py-2 text-left">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </div>
  );
}
