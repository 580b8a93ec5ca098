// A chat model out of those that can answer now, with the place of each; also the aliases, which stand for one.
import { useTranslation } from 'react-i18next';
import { findModel, useModels } from '../../lib/queries.ts';
import { usePlaceText } from '../place-sign.tsx';
import { Select } from '../ui/select.tsx';

export interface ModelSelectProps {
  value: string;
  onChange: (model: string) => void;
  label?: string;
  id?: string;
  /** A first choice that is no model, such as "whichever the caller chooses". */
  none?: { value: string; label: string };
  className?: string;
}

export function ModelSelect({ value, onChange, none, ...rest }: ModelSelectProps) {
  const { t } = useTranslation('playground');
  const place = usePlaceText();
  const list = useModels().data;
  const chat = (list?.models ?? []).filter((one) => one.kind === 'chat');
  const standard = findModel(list, 'default');
  const options = new Map<string, { value: string; label: string; hint?: string }>();
  if (none) options.set(none.value, none);
  options.set('default', {
    value: 'default',
    label: t('model_default', { name: standard?.displayName ?? '–' }),
    ...(standard ? { hint: place(standard.place) } : {}),
  });
  for (const [alias, model] of Object.entries(list?.aliases ?? {}))
    if (alias !== 'default') options.set(alias, { value: alias, label: alias, hint: model });
  for (const one of chat)
    options.set(one.id, { value: one.id, label: one.displayName, hint: place(one.place) });
  if (!options.has(value)) options.set(value, { value, label: value });
  return <Select {...rest} value={value} options={[...options.values()]} onChange={onChange} />;
}
