// A form out of a JSON Schema: one control a field, faults under the field that they belong to.
import Plus from 'lucide-react/icons/plus';
import X from 'lucide-react/icons/x';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { JsonEditor, readJson, useFaultText } from '../../../components/schema/json-editor.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { Field } from '../../../components/ui/field.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { isObject, type SchemaFault } from '../../../lib/json-schema.ts';
import type { FieldWords } from '../lib/field-words.ts';
import type { FormField, FormValue } from '../lib/form-fields.ts';

export interface SchemaFormProps {
  fields: readonly FormField[];
  value: FormValue;
  onChange: (value: FormValue) => void;
  words: FieldWords;
  /** What is wrong, by top field. */
  faults: readonly { field: string; fault: SchemaFault }[];
}

export function SchemaForm({ fields, value, onChange, words, faults }: SchemaFormProps) {
  return (
    <div className="flex flex-col gap-4">
      {fields.map((field) => (
        <FormRow
          key={field.name}
          field={field}
          value={value[field.name]}
          words={words}
          faults={faults.filter((one) => one.field === field.name).map((one) => one.fault)}
          onChange={(next) => onChange({ ...value, [field.name]: next })}
        />
      ))}
    </div>
  );
}

interface FormRowProps {
  field: FormField;
  value: unknown;
  words: FieldWords;
  faults: readonly SchemaFault[];
  onChange: (value: unknown) => void;
}

/** Fields that hold code by their names. */
const code = new Set(['code', 'tests', 'error']);

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export function FormRow({ field, value, words, faults, onChange }: FormRowProps) {
  const { t } = useTranslation('form');
  const faultText = useFaultText();
  const label = words.label(field);
  const hint = words.hint(field);
  const optional = !field.required && !('default' in field.schema);
  const named = optional ? `${label} (${t('optional')})` : label;
  const error =
    faults.length === 0
      ? null
      : faults[0]?.rule === 'required' && faults[0].path === field.name
        ? t('missing')
        : faults.map(faultText).join(' ');
  switch (field.kind) {
    case 'text':
      return (
        <Field label={named} hint={hint} error={error}>
          {(control) => (
            <Textarea
              {...control}
              className={cx(
                field.required ? 'min-h-36' : 'min-h-16',
                code.has(field.name) && 'font-mono text-xs',
              )}
              spellCheck={!code.has(field.name)}
              value={asText(value)}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
      );
    case 'line':
      return (
        <Field label={named} hint={hint} error={error}>
          {(control) => (
            <Input {...control} value={asText(value)} onChange={(event) => onChange(event.target.value)} />
          )}
        </Field>
      );
    case 'choice':
      return (
        <Field label={named} hint={hint} error={error}>
          {(control) => (
            <Select
              {...control}
              value={asText(value) || NONE}
              options={[
                ...(optional ? [{ value: NONE, label: t('none') }] : []),
                ...field.values.map((one) => ({ value: one, label: words.value(field.name, one) })),
              ]}
              onChange={(next) => onChange(next === NONE ? undefined : next)}
            />
          )}
        </Field>
      );
    case 'number':
      return <NumberRow label={named} hint={hint} error={error} value={value} onChange={onChange} />;
    case 'switch':
      return (
        <div className="flex items-start justify-between gap-4">
          <div>
            <p className="text-sm font-semibold">{label}</p>
            {hint ? <p className="text-xs text-quiet">{hint}</p> : null}
          </div>
          <Switch label={label} checked={value === true} onChange={onChange} />
        </div>
      );
    case 'lines':
      return (
        <LinesRow label={named} hint={hint || t('lines')} error={error} value={value} onChange={onChange} />
      );
    case 'marks':
      return (
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 text-sm font-semibold">{named}</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {field.values.map((one) => (
              <label key={one} className="flex items-center gap-2.5 text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  checked={asList(value).includes(one)}
                  onChange={(event) =>
                    onChange(
                      field.values.filter((other) =>
                        other === one ? event.target.checked : asList(value).includes(other),
                      ),
                    )
                  }
                />
                {words.value(field.name, one)}
              </label>
            ))}
          </div>
          {error ? <p className="text-xs text-failed">{error}</p> : null}
        </fieldset>
      );
    case 'rows':
      return (
        <RowsRow
          field={field}
          label={named}
          hint={hint}
          error={error}
          value={value}
          words={words}
          onChange={onChange}
        />
      );
    case 'group':
      return (
        <fieldset className="rounded-md border border-line px-4 py-3">
          <legend className="px-1 text-sm font-semibold">{named}</legend>
          <SchemaForm
            fields={field.fields}
            value={isObject(value) ? value : {}}
            onChange={onChange}
            words={words}
            faults={[]}
          />
          {error ? <p className="mt-2 text-xs text-failed">{error}</p> : null}
        </fieldset>
      );
    case 'json':
      return <JsonRow label={named} hint={hint} value={value} onChange={onChange} />;
  }
}

/** A select has no empty value: this one stands for it. */
const NONE = '(none)';

interface RowProps {
  label: string;
  hint: string;
  error: string | null;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** A number while it is typed: "1," and "-" are on the way to one. */
function NumberRow({ label, hint, error, value, onChange }: RowProps) {
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? (typeof value === 'number' ? String(value) : '');
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          className="max-w-48"
          value={shown}
          onBlur={() => setText(null)}
          onChange={(event) => {
            setText(event.target.value);
            const number = Number(event.target.value.replace(',', '.'));
            onChange(event.target.value.trim() === '' || Number.isNaN(number) ? undefined : number);
          }}
        />
      )}
    </Field>
  );
}

/** Empty lines stay while they are typed, and are no entries. */
function LinesRow({ label, hint, error, value, onChange }: RowProps) {
  const [text, setText] = useState<string | null>(null);
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Textarea
          {...control}
          value={text ?? asList(value).join('\n')}
          onBlur={() => setText(null)}
          onChange={(event) => {
            setText(event.target.value);
            onChange(
              event.target.value
                .split('\n')
                .map((line) => line.trim())
                .filter((line) => line !== ''),
            );
          }}
        />
      )}
    </Field>
  );
}

function RowsRow({
  field,
  label,
  hint,
  error,
  value,
  words,
  onChange,
}: RowProps & { field: FormField; words: FieldWords }) {
  const { t } = useTranslation('form');
  const rows = asList(value).map((row) => (isObject(row) ? row : {}));
  const set = (index: number, next: FormValue) =>
    onChange(rows.map((row, at) => (at === index ? next : row)));
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold">{label}</legend>
      {hint ? <p className="-mt-0.5 mb-2 text-xs text-quiet">{hint}</p> : null}
      <ul className="flex flex-col gap-2">
        {rows.map((row, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name while it is typed
            key={index}
            className="flex items-start gap-1.5"
          >
            <div className="grid min-w-0 grow gap-1.5 sm:grid-flow-col sm:auto-cols-fr">
              {field.fields.map((one) => (
                <Cell
                  key={one.name}
                  field={one}
                  label={`${words.label(one)}, ${t('row', { n: index + 1 })}`}
                  placeholder={words.label(one)}
                  value={row[one.name]}
                  words={words}
                  onChange={(next) => set(index, { ...row, [one.name]: next })}
                />
              ))}
            </div>
            <IconButton
              label={t('remove_row', { n: index + 1 })}
              icon={<X />}
              size="small"
              className="mt-1"
              onClick={() => onChange(rows.filter((_, at) => at !== index))}
            />
          </li>
        ))}
      </ul>
      <Button
        className="mt-1.5"
        size="small"
        look="quiet"
        icon={<Plus />}
        onClick={() => onChange([...rows, {}])}
      >
        {t('add_row')}
      </Button>
      {error ? <p className="text-xs text-failed">{error}</p> : null}
    </fieldset>
  );
}

interface CellProps {
  field: FormField;
  label: string;
  placeholder: string;
  value: unknown;
  words: FieldWords;
  onChange: (value: unknown) => void;
}

function Cell({ field, label, placeholder, value, words, onChange }: CellProps) {
  if (field.kind === 'choice')
    return (
      <Select
        label={label}
        value={asText(value) || (field.values[0] ?? NONE)}
        options={field.values.map((one) => ({ value: one, label: words.value(field.name, one) }))}
        onChange={onChange}
      />
    );
  if (field.kind === 'switch') return <Switch label={label} checked={value === true} onChange={onChange} />;
  return (
    <Input
      aria-label={label}
      placeholder={placeholder}
      value={value === undefined ? '' : String(value)}
      onChange={(event) =>
        onChange(
          field.kind === 'number' && event.target.value !== '' && !Number.isNaN(Number(event.target.value))
            ? Number(event.target.value)
            : event.target.value,
        )
      }
    />
  );
}

function JsonRow({ label, hint, value, onChange }: Omit<RowProps, 'error'>) {
  const id = useId();
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      <JsonEditor
        id={id}
        value={text}
        rows={5}
        onChange={(next) => {
          setText(next);
          const read = readJson(next, undefined);
          onChange(read.ok ? read.value : undefined);
        }}
      />
      {hint ? <p className="text-xs text-quiet">{hint}</p> : null}
    </div>
  );
}
