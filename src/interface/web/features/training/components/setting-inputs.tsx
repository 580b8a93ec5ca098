// The controls of one setting each, with its sentence under it. What is typed on the way to a number stays as it is.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Hyperparameters } from '../../../../../contracts/training.ts';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import { type LoraNumber, type NumberSetting, readNumber, writeNumber } from '../lib/setting-fields.ts';

export interface NumberFieldProps {
  name: NumberSetting | LoraNumber;
  value: number | null;
  onChange: (value: number | null) => void;
}

export function NumberField({ name, value, onChange }: NumberFieldProps) {
  const { t, i18n } = useTranslation('training');
  const written = writeNumber(value, i18n.language);
  const [text, setText] = useState(written);
  const read = readNumber(name, text);
  const wrong = read === undefined;
  const shown = wrong || read === value ? text : written;
  return (
    <Field
      label={t(`field.${name}.label`)}
      hint={t(`field.${name}.hint`)}
      error={wrong ? t('settings.wrong') : null}
    >
      {(control) => (
        <Input
          {...control}
          className="tabular"
          inputMode="decimal"
          autoComplete="off"
          placeholder={t('settings.automatic')}
          value={shown}
          onChange={(event) => {
            setText(event.target.value);
            const next = readNumber(name, event.target.value);
            if (next !== undefined) onChange(next);
          }}
        />
      )}
    </Field>
  );
}

export function FlagField({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  const { t } = useTranslation('training');
  return (
    <Field label={t('field.gradientCheckpointing.label')} hint={t('field.gradientCheckpointing.hint')}>
      {(control) => <Switch {...control} checked={checked} onChange={onChange} />}
    </Field>
  );
}

export function ScheduleField({
  value,
  onChange,
}: {
  value: Hyperparameters['schedule'];
  onChange: (value: Hyperparameters['schedule']) => void;
}) {
  const { t } = useTranslation('training');
  return (
    <Field label={t('field.schedule.label')} hint={t('field.schedule.hint')}>
      {(control) => (
        <Select
          {...control}
          value={value}
          onChange={onChange}
          options={(['constant', 'linear', 'cosine'] as const).map((one) => ({
            value: one,
            label: t(`schedule.${one}`),
          }))}
        />
      )}
    </Field>
  );
}
