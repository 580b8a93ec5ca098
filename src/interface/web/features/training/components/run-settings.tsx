// What a training was ordered with: every setting, so that it can be told and done again.
import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../../../contracts/training.ts';
import { useFormat } from '../../../lib/format.ts';
import { type NumberSetting, settingFields, writeNumber } from '../lib/setting-fields.ts';

export function RunSettings({ run }: { run: TrainingRun }) {
  const { t, i18n } = useTranslation('training');
  const format = useFormat();
  const { hyperparameters, lora, adaptation, method, teacher } = run.input;
  const number = (value: number | null) =>
    value === null ? t('settings.automatic') : writeNumber(value, i18n.language);
  const rows: [string, string][] = [
    [t('settings.trainable'), format.compact(run.estimate.trainableParameters)],
    [t('settings.tokens'), format.whole(run.estimate.tokens)],
    ...(teacher === null ? [] : ([[t('teacher.label'), teacher]] satisfies [string, string][])),
    ...(adaptation === 'lora'
      ? ([
          [t('field.rank.label'), number(lora.rank)],
          [t('field.alpha.label'), number(lora.alpha)],
          [t('field.dropout.label'), number(lora.dropout)],
          [t('field.targets.label'), lora.targets.join(', ')],
        ] satisfies [string, string][])
      : []),
    ...Object.entries(settingFields)
      .filter(([, { only }]) => only === undefined || only === method)
      .map(([name, { kind }]): [string, string] => {
        const label = t(`field.${name as keyof typeof settingFields}.label`);
        if (kind === 'flag') return [label, t(hyperparameters.gradientCheckpointing ? 'yes' : 'no')];
        if (kind === 'schedule') return [label, t(`schedule.${hyperparameters.schedule}`)];
        return [label, number(hyperparameters[name as NumberSetting])];
      }),
  ];
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t('settings.title')}
      className="max-h-72 overflow-y-auto rounded-md border border-line bg-raised text-sm"
    >
      <dl>
        {rows.map(([label, value]) => (
          <div
            key={label}
            className="flex justify-between gap-4 border-b border-line px-3 py-1.5 last:border-b-0"
          >
            <dt className="text-quiet">{label}</dt>
            <dd className="tabular min-w-0 text-right break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
