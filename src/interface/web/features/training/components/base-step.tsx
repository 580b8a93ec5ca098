// Step 3: the model that learns. One that cannot is shown with its reason.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useBases } from '../api/bases.ts';
import { ChoiceCard } from './choice-card.tsx';
import { Step } from './step.tsx';

export interface BaseStepProps {
  base: string | undefined;
  onBase: (base: string) => void;
  children: ReactNode;
}

export function BaseStep({ base, onBase, children }: BaseStepProps) {
  const { t } = useTranslation(['training', 'common']);
  const format = useFormat();
  const bases = useBases();
  const sorted = [...(bases.data ?? [])].sort(
    (a, b) => Number(a.reason !== null) - Number(b.reason !== null) || a.parameters - b.parameters,
  );
  return (
    <Step number={3} title={t('step.base')} lead={t('step.base_lead')}>
      {bases.data ? null : bases.error ? (
        <ErrorState error={bases.error} onRetry={() => void bases.refetch()} />
      ) : (
        <SkeletonRows rows={2} label={t('common:loading')} className="h-16" />
      )}
      {bases.data?.length === 0 ? <p className="text-sm text-quiet">{t('base.none')}</p> : null}
      <div role="radiogroup" aria-label={t('base.label')} className="grid gap-2 sm:grid-cols-2">
        {sorted.map((one) => (
          <ChoiceCard
            key={one.model}
            name="base"
            value={one.model}
            checked={base === one.model}
            disabled={one.reason !== null}
            onChoose={() => onBase(one.model)}
            title={one.displayName}
            text={
              one.reason ??
              t('base.facts', {
                parameters: format.compact(one.parameters),
                quantisation: one.quantisation,
                size: format.size(one.weightBytes),
              })
            }
          />
        ))}
      </div>
      {children}
    </Step>
  );
}
