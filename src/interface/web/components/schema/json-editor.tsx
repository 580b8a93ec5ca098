// A JSON value as text, with what is wrong with it said while it is written: the syntax first, then the schema.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { checkSchema, type SchemaFault } from '../../lib/json-schema.ts';
import { Button } from '../ui/button.tsx';
import { Textarea } from '../ui/textarea.tsx';

export type ReadJson =
  | { ok: true; value: unknown; problem: null; faults: [] }
  | { ok: false; value: unknown; problem: string | null; faults: SchemaFault[] };

/** The value of a text, or why there is none. Without a schema any JSON will do. */
export function readJson(text: string, schema: unknown): ReadJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, value: undefined, problem: (error as Error).message, faults: [] };
  }
  const faults = schema === undefined ? [] : checkSchema(value, schema);
  return faults.length === 0
    ? { ok: true, value, problem: null, faults: [] }
    : { ok: false, value, problem: null, faults };
}

/** Faults of a schema in words. */
export function useFaultText(): (fault: SchemaFault) => string {
  const { t } = useTranslation('form');
  return ({ path, rule, expected }) =>
    t(`fault.${rule}`, { path: path === '' ? t('whole') : path, expected });
}

export interface JsonEditorProps {
  id: string;
  value: string;
  onChange: (text: string) => void;
  schema?: unknown;
  rows?: number;
  /** Accessible name, where no <label> points at `id`. */
  label?: string;
}

export function JsonEditor({ id, value, onChange, schema, rows = 8, label }: JsonEditorProps) {
  const { t } = useTranslation('form');
  const faultText = useFaultText();
  const read = useMemo(() => readJson(value, schema), [value, schema]);
  return (
    <div className="flex flex-col gap-1.5">
      <Textarea
        id={id}
        aria-label={label}
        aria-describedby={`${id}-faults`}
        aria-invalid={read.ok ? undefined : true}
        className="min-h-0 resize-y font-mono text-xs"
        rows={rows}
        value={value}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="flex items-start justify-between gap-3">
        <ul id={`${id}-faults`} aria-live="polite" className="min-w-0 text-xs break-words text-failed">
          {read.problem !== null ? <li>{t('json.broken', { problem: read.problem })}</li> : null}
          {read.faults.map((fault) => (
            <li key={fault.path + fault.rule}>{faultText(fault)}</li>
          ))}
          {read.ok && schema !== undefined ? <li className="text-quiet">{t('json.ok')}</li> : null}
        </ul>
        {read.problem === null ? (
          <Button
            size="small"
            look="quiet"
            onClick={() => onChange(JSON.stringify(JSON.parse(value), null, 2))}
          >
            {t('json.tidy')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
