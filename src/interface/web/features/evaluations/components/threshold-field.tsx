// One threshold of the gate; what is typed on the way to a number stays as it is.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { readThreshold, type Threshold, writeThreshold } from '../lib/gate-draft.ts';

export interface ThresholdFieldProps {
  name: Threshold;
  value: number | null;
  onChange: (value: number | null) => void;
}

export function ThresholdField({ name, value, onChange }: ThresholdFieldProps) {
  const { t, i18n } = useTranslation('evaluations');
  const [text, setText] = useState(() => writeThreshold(value, i18n.language));
  const wrong = readThreshold(name, text) === undefined;
  return (
    <Field label={t(`gate.${name}`)} hint={t(`gate.${name}_hint`)} error={wrong ? t('gate.wrong') : null}>
      {(control) => (
        <Input
          {...control}
          className="tabular"
          inputMode="decimal"
          autoComplete="off"
          placeholder={name === 'minScore' ? t('gate.no_threshold') : ''}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            const next = readThreshold(name, event.target.value);
            if (next !== undefined) onChange(next);
          }}
        />
      )}
    </Field>
  );
}
