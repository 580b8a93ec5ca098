// The exact arguments of a call: each by its name, text as text and everything else as JSON.
import { useTranslation } from 'react-i18next';
import { isObject } from '../../lib/json-schema.ts';
import { LongText } from './long-text.tsx';

const written = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? String(value));

export function ArgumentsList({ input }: { input: unknown }) {
  const { t } = useTranslation('run');
  if (!isObject(input)) return <LongText text={written(input)} className="rounded-md bg-sunken px-3 py-2" />;
  const entries = Object.entries(input);
  if (entries.length === 0) return <p className="text-sm text-quiet">{t('tool.no_arguments')}</p>;
  return (
    <dl className="flex flex-col gap-1.5 rounded-md bg-sunken px-3 py-2">
      {entries.map(([name, value]) => (
        <div key={name} className="grid gap-x-4 sm:grid-cols-[7rem_minmax(0,1fr)]">
          <dt className="font-mono text-xs break-all text-quiet">{name}</dt>
          <dd className="min-w-0">
            <LongText text={written(value)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
