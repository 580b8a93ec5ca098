// What a key may reach: everything, or what is ticked.
import { useTranslation } from 'react-i18next';
import { Field } from '../../../components/ui/field.tsx';
import { Select } from '../../../components/ui/select.tsx';

export interface ScopeFieldProps {
  label: string;
  /** In words: every model, every app. */
  every: string;
  options: readonly { value: string; label: string }[];
  /** null: every one. */
  value: readonly string[] | null;
  onChange: (value: string[] | null) => void;
}

export function ScopeField({ label, every, options, value, onChange }: ScopeFieldProps) {
  const { t } = useTranslation('access');
  const toggle = (one: string, on: boolean) =>
    onChange(on ? [...(value ?? []), one] : (value ?? []).filter((other) => other !== one));
  return (
    <div className="flex flex-col gap-2">
      <Field label={label} error={value?.length === 0 ? t('scope.none') : null}>
        {(control) => (
          <Select
            {...control}
            value={value === null ? 'every' : 'some'}
            options={[
              { value: 'every', label: every },
              { value: 'some', label: t('scope.some') },
            ]}
            onChange={(next) => onChange(next === 'every' ? null : [])}
          />
        )}
      </Field>
      {value === null ? null : (
        <fieldset className="max-h-44 min-w-0 overflow-y-auto rounded-md border border-line px-3 py-2">
          <legend className="sr-only">{label}</legend>
          {options.map((option) => (
            <label key={option.value} className="flex items-center gap-2 py-1 text-sm">
              <input
                type="checkbox"
                className="accent-accent"
                checked={value.includes(option.value)}
                onChange={(event) => toggle(option.value, event.target.checked)}
              />
              <span className="min-w-0 break-all">{option.label}</span>
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}
