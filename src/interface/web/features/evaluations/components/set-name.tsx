// An evaluation by its name, with what tells it from others of that name.
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../../contracts/evaluation.ts';
import { useFormat } from '../../../lib/format.ts';

export function SetName({ evaluation, hour }: { evaluation: Evaluation; hour: boolean }) {
  const { t } = useTranslation('evaluations');
  const format = useFormat();
  const { input, datasetVersion, createdAt } = evaluation;
  return (
    <span className="min-w-0 break-words">
      {input.name}
      <span className="tabular text-quiet">
        {' · '}
        {t('version', { version: datasetVersion })}
        {' · '}
        {hour ? format.stamp(createdAt) : format.day(createdAt)}
      </span>
    </span>
  );
}
