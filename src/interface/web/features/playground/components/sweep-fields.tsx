// What a sweep varies: models, lists of numbers, and an input a line.
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import { ModelSelect } from '../../../components/answers/model-select.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { type SweepPlan, type Varied, variedParameters } from '../lib/sweep.ts';

/** The choice that adds nothing; no model has such an id. */
const NONE = '-';

export interface SweepFieldsProps {
  plan: SweepPlan;
  faults: readonly Varied[];
  onChange: (part: Partial<SweepPlan>) => void;
}

export function SweepFields({ plan, faults, onChange }: SweepFieldsProps) {
  const { t } = useTranslation(['playground', 'chat']);
  return (
    <div className="grid gap-x-6 gap-y-4 md:grid-cols-2">
      <div className="flex flex-col gap-4">
        <Field label={t('sweep.models')}>
          {({ id }) => (
            <div className="flex flex-col gap-1.5">
              {plan.models.map((model, index) => (
                <div key={model} className="flex gap-1.5">
                  <ModelSelect
                    {...(index === 0 ? { id } : {})}
                    label={t('model_of', { number: index + 1 })}
                    className="min-w-0 grow"
                    value={model}
                    onChange={(next) =>
                      onChange({
                        models: [...new Set(plan.models.map((one) => (one === model ? next : one)))],
                      })
                    }
                  />
                  <IconButton
                    label={t('sweep.remove_model', { model })}
                    icon={<X />}
                    disabled={plan.models.length === 1}
                    onClick={() => onChange({ models: plan.models.filter((one) => one !== model) })}
                  />
                </div>
              ))}
              <ModelSelect
                label={t('sweep.add_model')}
                value={NONE}
                none={{ value: NONE, label: t('sweep.add_model') }}
                onChange={(model) => {
                  if (model !== NONE) onChange({ models: [...new Set([...plan.models, model])] });
                }}
              />
            </div>
          )}
        </Field>
        <div className="grid grid-cols-2 gap-4">
          {variedParameters.map((name) => (
            <Field
              key={name}
              label={t(`chat:parameter.${name}.label`)}
              error={faults.includes(name) ? t(`sweep.wrong.${name}`) : null}
            >
              {(control) => (
                <Input
                  {...control}
                  placeholder={t('as_model')}
                  value={plan[name]}
                  onChange={(event) => onChange({ [name]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
        <p className="text-xs text-quiet">{t('sweep.numbers_hint')}</p>
      </div>
      <Field label={t('sweep.inputs')} hint={t('sweep.inputs_hint', { hole: '{{input}}' })}>
        {(control) => (
          <Textarea
            {...control}
            rows={9}
            value={plan.inputs}
            placeholder={t('sweep.inputs_example')}
            onChange={(event) => onChange({ inputs: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
