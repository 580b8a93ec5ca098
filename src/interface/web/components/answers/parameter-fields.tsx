// Sampling settings as fields; one that is empty is left to the model.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Parameters } from '../../../../contracts/model.ts';
import { Input } from '../ui/input.tsx';
import { Textarea } from '../ui/textarea.tsx';
import { Tooltip } from '../ui/tooltip.tsx';

const numbers = {
  temperature: { min: 0, max: 2 },
  topP: { min: 0.01, max: 1 },
  maxOutputTokens: { min: 1, max: 2 ** 31 - 1 },
  seed: { min: 0, max: 2 ** 31 - 1 },
  topK: { min: 0, max: 1000 },
  minP: { min: 0, max: 1 },
  repeatPenalty: { min: 0.1, max: 2 },
  presencePenalty: { min: -2, max: 2 },
  frequencyPenalty: { min: -2, max: 2 },
} as const;
type NumberName = keyof typeof numbers;
const whole: readonly NumberName[] = ['maxOutputTokens', 'seed', 'topK'];

/** undefined: empty; null: no number in the range. */
function read(name: NumberName, text: string): number | undefined | null {
  if (text.trim() === '') return undefined;
  const value = Number(text.trim().replace(',', '.'));
  const { min, max } = numbers[name];
  const fits = Number.isFinite(value) && value >= min && value <= max;
  return fits && (!whole.includes(name) || Number.isInteger(value)) ? value : null;
}

function withValue<K extends keyof Parameters>(all: Parameters, key: K, value: Parameters[K] | undefined) {
  const { [key]: _, ...rest } = all;
  return value === undefined ? rest : { ...rest, [key]: value };
}

export interface ParameterFieldsProps {
  parameters: Parameters;
  onChange: (parameters: Parameters) => void;
}

export function ParameterFields({ parameters, onChange }: ParameterFieldsProps) {
  const { t } = useTranslation('chat');
  const id = useId();
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-3">
      {(Object.keys(numbers) as NumberName[]).map((name) => (
        <NumberField
          key={name}
          name={name}
          value={parameters[name]}
          onChange={(value) => onChange(withValue(parameters, name, value))}
        />
      ))}
      <div className="col-span-2 flex flex-col gap-1">
        <label htmlFor={`${id}-stop`} className="text-xs">
          {t('parameter.stopSequences.label')}
        </label>
        <Textarea
          id={`${id}-stop`}
          className="min-h-0! font-mono"
          rows={2}
          value={(parameters.stopSequences ?? []).join('\n')}
          onChange={(event) => {
            const stops = event.target.value.split('\n').slice(0, 4);
            onChange(
              withValue(parameters, 'stopSequences', stops.some((one) => one !== '') ? stops : undefined),
            );
          }}
        />
        <p className="text-xs text-quiet">{t('parameter.stopSequences.hint')}</p>
      </div>
    </div>
  );
}

function NumberField({
  name,
  value,
  onChange,
}: {
  name: NumberName;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}) {
  const { t } = useTranslation(['chat', 'playground']);
  const id = useId();
  // What is typed on the way to a number ("0.") stays as it is.
  const [text, setText] = useState(String(value ?? ''));
  const shown = read(name, text) === value ? text : String(value ?? '');
  const wrong = read(name, text) === null && value === undefined;
  const { min, max } = numbers[name];
  return (
    <div className="flex flex-col gap-1">
      <Tooltip text={t(`parameter.${name}.hint`)}>
        <label htmlFor={id} className="text-xs">
          {t(`parameter.${name}.label`)}
        </label>
      </Tooltip>
      <Input
        id={id}
        className="h-8 px-2"
        inputMode="decimal"
        placeholder={t('playground:as_model')}
        value={wrong ? text : shown}
        {...(wrong ? { 'aria-invalid': true, 'aria-describedby': `${id}-wrong` } : {})}
        onChange={(event) => {
          setText(event.target.value);
          onChange(read(name, event.target.value) ?? undefined);
        }}
      />
      {wrong ? (
        <p id={`${id}-wrong`} className="text-xs text-failed">
          {t('playground:out_of_range', { min, max })}
        </p>
      ) : null}
    </div>
  );
}
