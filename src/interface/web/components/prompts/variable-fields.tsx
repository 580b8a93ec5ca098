// A value for each variable that the messages have, as they are found while one types.
import { useTranslation } from 'react-i18next';
import { Field } from '../ui/field.tsx';
import { Textarea } from '../ui/textarea.tsx';

export interface VariableFieldsProps {
  variables: readonly string[];
  values: Readonly<Record<string, string>>;
  onChange: (values: Record<string, string>) => void;
}

export function VariableFields({ variables, values, onChange }: VariableFieldsProps) {
  const { t } = useTranslation('prompts');
  if (variables.length === 0)
    return <p className="text-sm text-quiet">{t('no_variables', { hole: '{{name}}' })}</p>;
  return (
    <div className="flex flex-col gap-3">
      {variables.map((name) => (
        <Field key={name} label={name}>
          {(control) => (
            <Textarea
              {...control}
              className="min-h-0!"
              rows={Math.min(6, (values[name] ?? '').split('\n').length)}
              value={values[name] ?? ''}
              onChange={(event) => onChange({ ...values, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
