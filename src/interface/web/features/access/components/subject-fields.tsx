// Whose calls are counted: everyone’s, a person’s, a key’s or an app’s.
import { useTranslation } from 'react-i18next';
import type { Subject } from '../../../../../contracts/access.ts';
import { Field } from '../../../components/ui/field.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { useSubjectChoices } from '../lib/use-subjects.ts';

const kinds = ['everyone', 'user', 'key', 'app'] as const;

export interface SubjectFieldsProps {
  value: Subject;
  onChange: (subject: Subject) => void;
  disabled?: boolean;
}

export function SubjectFields({ value, onChange, disabled = false }: SubjectFieldsProps) {
  const { t } = useTranslation('access');
  const choices = useSubjectChoices();
  const pick = (kind: Subject['kind']) =>
    onChange({ kind, id: kind === 'everyone' ? '' : (choices[kind][0]?.value ?? '') });
  const offered = value.kind === 'everyone' ? [] : choices[value.kind];
  return (
    <div className="flex flex-col gap-4 sm:grid sm:grid-cols-2">
      <Field label={t('subject.label')}>
        {(control) => (
          <Select
            {...control}
            value={value.kind}
            disabled={disabled}
            options={kinds
              .filter((kind) => kind === value.kind || kind === 'everyone' || choices[kind].length > 0)
              .map((kind) => ({ value: kind, label: t(`subject.${kind}`) }))}
            onChange={pick}
          />
        )}
      </Field>
      {value.kind === 'everyone' ? null : (
        <Field label={t(`subject_which.${value.kind}`)}>
          {(control) => (
            <Select
              {...control}
              value={value.id}
              disabled={disabled}
              options={
                offered.some((one) => one.value === value.id) || value.id === ''
                  ? offered
                  : [{ value: value.id, label: value.id }, ...offered]
              }
              onChange={(id) => onChange({ kind: value.kind, id })}
            />
          )}
        </Field>
      )}
    </div>
  );
}
