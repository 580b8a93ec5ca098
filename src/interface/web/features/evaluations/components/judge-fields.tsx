// How answers are judged: each way with its sentence, and the options of the one that is chosen.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Judge } from '../../../../../contracts/evaluation.ts';
import { ModelSelect } from '../../../components/answers/model-select.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { type JudgeType, listOf, newJudge } from '../lib/judges.ts';

export interface JudgeFieldsProps {
  types: readonly JudgeType[];
  judge: Judge;
  onChange: (judge: Judge) => void;
}

export function JudgeFields({ types, judge, onChange }: JudgeFieldsProps) {
  const { t } = useTranslation('evaluations');
  const group = useId();
  return (
    <>
      <div role="radiogroup" aria-label={t('new.judge')} className="grid gap-2 sm:grid-cols-2">
        {types.map((type) => (
          <label
            key={type}
            className={`flex cursor-pointer gap-3 rounded-md border px-4 py-3 ${
              type === judge.type ? 'border-accent bg-accent-soft' : 'border-control bg-raised'
            }`}
          >
            <input
              type="radio"
              name={group}
              className="mt-0.5 size-4 shrink-0 accent-accent"
              checked={type === judge.type}
              onChange={() => onChange(newJudge(type, t('judge.model.rubric_start')))}
            />
            <span className="min-w-0">
              <span className="block text-sm font-semibold">{t(`judge.${type}.title`)}</span>
              <span className="block text-sm text-quiet">{t(`judge.${type}.text`)}</span>
            </span>
          </label>
        ))}
      </div>
      <div className="mt-4">
        <Options judge={judge} onChange={onChange} />
      </div>
    </>
  );
}

function Options({ judge, onChange }: Omit<JudgeFieldsProps, 'types'>) {
  const { t } = useTranslation('evaluations');
  switch (judge.type) {
    case 'exact':
      return (
        <Field label={t('judge.exact.ignoreCase')}>
          {(control) => (
            <Switch
              {...control}
              checked={judge.ignoreCase}
              onChange={(ignoreCase) => onChange({ ...judge, ignoreCase })}
            />
          )}
        </Field>
      );
    case 'json':
      return (
        <ListField
          label={t('judge.json.fields')}
          hint={t('judge.json.fields_hint')}
          value={judge.fields}
          onChange={(fields) => onChange({ ...judge, fields })}
        />
      );
    case 'choice':
      return (
        <ListField
          label={t('judge.choice.labels')}
          hint={t('judge.choice.labels_hint')}
          value={judge.labels}
          onChange={(labels) => onChange({ ...judge, labels })}
        />
      );
    case 'model':
      return (
        <div className="flex flex-col gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('judge.model.model')} hint={t('judge.model.model_hint')}>
              {({ id }) => (
                <ModelSelect
                  id={id}
                  value={judge.model}
                  onChange={(model) => onChange({ ...judge, model })}
                />
              )}
            </Field>
            <Field label={t('judge.model.max')} hint={t('judge.model.max_hint')}>
              {(control) => (
                <Select
                  {...control}
                  value={String(judge.max)}
                  onChange={(max) => onChange({ ...judge, max: Number(max) })}
                  options={[2, 3, 4, 5, 6, 7, 8, 9, 10].map((max) => ({
                    value: String(max),
                    label: String(max),
                  }))}
                />
              )}
            </Field>
          </div>
          <Field label={t('judge.model.rubric')} hint={t('judge.model.rubric_hint')}>
            {(control) => (
              <Textarea
                {...control}
                rows={6}
                maxLength={8000}
                value={judge.rubric}
                onChange={(event) => onChange({ ...judge, rubric: event.target.value })}
              />
            )}
          </Field>
        </div>
      );
    default:
      return null;
  }
}

function ListField({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint: string;
  value: string[];
  onChange: (value: string[]) => void;
}) {
  // A comma on the way to the next word stays as it is.
  const [text, setText] = useState(value.join(', '));
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <Input
          {...control}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            onChange(listOf(event.target.value));
          }}
        />
      )}
    </Field>
  );
}
