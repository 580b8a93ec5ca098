// How the base learns: adapter or whole, the teacher of a distillation, the name, and every setting behind a fold.
import { useTranslation } from 'react-i18next';
import { loraTargets } from '../../../../../contracts/training.ts';
import { ModelSelect } from '../../../components/answers/model-select.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { plans, type TrainedAim } from '../lib/aims.ts';
import { nameSchema, settingsOf, type TrainingDraft } from '../lib/draft.ts';
import { groups, type NumberSetting, settingFields } from '../lib/setting-fields.ts';
import { ChoiceCard } from './choice-card.tsx';
import { FlagField, NumberField, ScheduleField } from './setting-inputs.tsx';

export interface MethodStepProps {
  aim: TrainedAim;
  draft: TrainingDraft;
  suggested: string;
  onChange: (change: Partial<TrainingDraft>) => void;
}

export function MethodStep({ aim, draft, suggested, onChange }: MethodStepProps) {
  const { t } = useTranslation('training');
  const name = draft.name ?? suggested;
  const { method } = plans[aim];
  return (
    <div className="mt-5 flex flex-col gap-5">
      <div>
        <p className="mb-1.5 text-sm font-semibold">{t('adaptation.label')}</p>
        <div role="radiogroup" aria-label={t('adaptation.label')} className="grid gap-2 sm:grid-cols-2">
          {(['lora', 'full'] as const).map((one) => (
            <ChoiceCard
              key={one}
              name="adaptation"
              value={one}
              checked={draft.adaptation === one}
              onChoose={() => onChange({ adaptation: one })}
              title={t(`adaptation.${one}_title`)}
              text={t(`adaptation.${one}_text`)}
            />
          ))}
        </div>
      </div>
      <p className="text-sm text-quiet">
        {t('method.label')} <span className="text-ink">{t(`method_text.${method}`)}</span>
      </p>
      {aim === 'distil' ? (
        <Field label={t('teacher.label')} hint={t('teacher.hint')}>
          {({ id }) => (
            <ModelSelect id={id} value={draft.teacher ?? ''} onChange={(teacher) => onChange({ teacher })} />
          )}
        </Field>
      ) : null}
      <Field
        label={t('name.label')}
        hint={t('name.hint', { name })}
        error={nameSchema.safeParse(name).success ? null : t('name.wrong')}
      >
        {(control) => (
          <Input
            {...control}
            className="max-w-md font-mono"
            autoComplete="off"
            spellCheck={false}
            value={name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <details className="rounded-md border border-line bg-raised">
        <summary className="px-4 py-3 text-sm font-semibold">{t('settings.advanced')}</summary>
        <Settings aim={aim} draft={draft} onChange={onChange} />
      </details>
    </div>
  );
}

function Settings({ aim, draft, onChange }: Omit<MethodStepProps, 'suggested'>) {
  const { t } = useTranslation('training');
  const { method } = plans[aim];
  const { lora, hyperparameters } = settingsOf(aim, draft);
  const setLora = (part: Partial<typeof lora>) => onChange({ lora: { ...draft.lora, ...part } });
  const set = (part: Partial<typeof hyperparameters>) =>
    onChange({ hyperparameters: { ...draft.hyperparameters, ...part } });
  return (
    <div className="flex flex-col gap-6 border-t border-line px-4 py-4">
      <p className="text-sm text-quiet">{t('settings.advanced_lead')}</p>
      {draft.adaptation === 'lora' ? (
        <fieldset>
          <legend className="mb-3 text-sm font-semibold">{t('settings.group.adapter')}</legend>
          <div className="grid gap-4 sm:grid-cols-3">
            {(['rank', 'alpha', 'dropout'] as const).map((name) => (
              <NumberField
                key={name}
                name={name}
                value={lora[name]}
                onChange={(value) => value !== null && setLora({ [name]: value })}
              />
            ))}
          </div>
          <p className="mt-4 mb-1.5 text-sm">{t('field.targets.label')}</p>
          <div className="flex flex-wrap gap-x-4 gap-y-1.5">
            {loraTargets.map((target) => (
              <label key={target} className="inline-flex items-center gap-1.5 font-mono text-xs">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  checked={lora.targets.includes(target)}
                  // An adapter of nothing learns nothing: the last one stays.
                  disabled={lora.targets.length === 1 && lora.targets.includes(target)}
                  onChange={(event) =>
                    setLora({
                      targets: loraTargets.filter((one) =>
                        one === target ? event.target.checked : lora.targets.includes(one),
                      ),
                    })
                  }
                />
                {target}
              </label>
            ))}
          </div>
          <p className="mt-1.5 text-xs text-quiet">{t('field.targets.hint')}</p>
        </fieldset>
      ) : null}
      {groups.map((group) => (
        <fieldset key={group}>
          <legend className="mb-3 text-sm font-semibold">{t(`settings.group.${group}`)}</legend>
          <div className="grid gap-4 sm:grid-cols-3">
            {Object.entries(settingFields)
              .filter(
                ([, field]) => field.group === group && (field.only === undefined || field.only === method),
              )
              .map(([name, { kind }]) =>
                kind === 'flag' ? (
                  <FlagField
                    key={name}
                    checked={hyperparameters.gradientCheckpointing}
                    onChange={(gradientCheckpointing) => set({ gradientCheckpointing })}
                  />
                ) : kind === 'schedule' ? (
                  <ScheduleField
                    key={name}
                    value={hyperparameters.schedule}
                    onChange={(schedule) => set({ schedule })}
                  />
                ) : (
                  <NumberField
                    key={name}
                    name={name as NumberSetting}
                    value={hyperparameters[name as NumberSetting]}
                    onChange={(value) => set({ [name]: value })}
                  />
                ),
              )}
          </div>
        </fieldset>
      ))}
      <Field label={t('samples.prompts')} hint={t('samples.prompts_hint')}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            value={draft.samplePrompts.join('\n')}
            onChange={(event) =>
              onChange({
                samplePrompts: event.target.value === '' ? [] : event.target.value.split('\n').slice(0, 8),
              })
            }
          />
        )}
      </Field>
    </div>
  );
}
