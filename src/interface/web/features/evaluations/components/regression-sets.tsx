// Other evaluations of the same two models, on which the new one may not be much worse.
import { useTranslation } from 'react-i18next';
import type { Evaluation, Gate } from '../../../../../contracts/evaluation.ts';
import { ShowMore } from '../../../components/show-more.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useEvaluations } from '../../../lib/learning.ts';
import { needHour } from '../lib/tell-apart.ts';
import { SetName } from './set-name.tsx';

export interface RegressionSetsProps {
  evaluation: Evaluation;
  value: Gate['regressionSets'];
  onChange: (value: Gate['regressionSets']) => void;
}

const MAX_DROP = 0.02;

export function RegressionSets({ evaluation, value, onChange }: RegressionSetsProps) {
  const { t } = useTranslation('evaluations');
  const format = useFormat();
  const list = useEvaluations();
  const wanted = new Set(evaluation.input.subjects.map(({ model }) => model));
  const others = (list.data ?? []).filter(
    (one) =>
      one.id !== evaluation.id &&
      one.status === 'complete' &&
      one.input.subjects.filter(({ model }) => wanted.has(model)).length > 1,
  );
  if (others.length === 0 && !list.hasNextPage) return null;
  const hours = needHour(others, format.day);
  return (
    <fieldset>
      <legend className="text-sm font-semibold">{t('gate.regressionSets')}</legend>
      <p className="mb-1.5 text-xs text-quiet">{t('gate.regressionSets_hint')}</p>
      {others.map((one) => (
        <label key={one.id} className="flex items-center gap-2 py-0.5 text-sm">
          <input
            type="checkbox"
            className="size-4 shrink-0 accent-accent"
            checked={value.some(({ evaluationId }) => evaluationId === one.id)}
            onChange={(event) =>
              onChange(
                event.target.checked
                  ? [...value, { evaluationId: one.id, maxDrop: MAX_DROP }]
                  : value.filter(({ evaluationId }) => evaluationId !== one.id),
              )
            }
          />
          <SetName evaluation={one} hour={hours.has(one.id)} />
        </label>
      ))}
      <ShowMore shown={others.length} list={list} />
    </fieldset>
  );
}
