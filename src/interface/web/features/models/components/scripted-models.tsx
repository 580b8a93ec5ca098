// Scripted models: rules instead of weights, named as such.
import { useTranslation } from 'react-i18next';
import type { ModelInfo } from '../../../../../contracts/model.ts';

export function ScriptedModels({ models }: { models: readonly ModelInfo[] }) {
  const { t } = useTranslation('models');
  return (
    <ul aria-label={t('scripted.title')} className="flex flex-wrap gap-2">
      {models.map((model) => (
        <li key={model.id} className="rounded-sm bg-sunken px-2 py-1 font-mono text-xs">
          {model.id}
        </li>
      ))}
    </ul>
  );
}
