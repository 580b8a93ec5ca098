// Which model an app runs on: the default, or one of those that can answer now.
import { useTranslation } from 'react-i18next';
import { usePlaceText } from '../../../components/place-sign.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { findModel, useModels } from '../../../lib/queries.ts';

export function ModelChoice({ model, onChange }: { model: string; onChange: (model: string) => void }) {
  const { t } = useTranslation('apps');
  const place = usePlaceText();
  const list = useModels().data;
  const chat = (list?.models ?? []).filter((one) => one.kind === 'chat');
  const standard = findModel(list, 'default');
  return (
    <Field label={t('run.model')}>
      {(control) => (
        <Select
          {...control}
          value={model}
          options={[
            {
              value: 'default',
              label: standard ? `default · ${standard.displayName}` : 'default',
              ...(standard ? { hint: place(standard.place) } : {}),
            },
            ...chat
              .filter((one) => one.id !== standard?.id)
              .map((one) => ({ value: one.id, label: one.displayName, hint: place(one.place) })),
          ]}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
