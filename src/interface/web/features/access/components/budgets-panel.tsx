// Budgets with their bars, and the limits a minute beside them.
import Plus from 'lucide-react/icons/plus';
import Wallet from 'lucide-react/icons/wallet';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Budget } from '../../../../../contracts/access.ts';
import { Rows, Section } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useRights } from '../../../lib/session.ts';
import { useBudgets, useRemoveBudget, useSaveBudget } from '../api/budgets.ts';
import { useSubjectText } from '../lib/use-subjects.ts';
import { BudgetDialog } from './budget-dialog.tsx';
import { BudgetRow } from './budget-row.tsx';
import { Limits } from './limits.tsx';

export function BudgetsPanel() {
  const { t } = useTranslation(['access', 'common']);
  const mayChange = useRights().may('budgets');
  const subjectText = useSubjectText();
  const { data, error, refetch } = useBudgets();
  const [editing, setEditing] = useState<Budget | 'new' | null>(null);
  const remove = useRemoveBudget();
  const save = useSaveBudget();
  const takeBack = ({ id, subject, period, unit, amount, action }: Budget) =>
    remove.mutate(id, {
      onSuccess: () =>
        toast({
          title: t('budgets.removed', { name: subjectText(subject) }),
          action: {
            label: t('common:undo'),
            onSelect: () => save.mutate({ id: null, input: { subject, period, unit, amount, action } }),
          },
        }),
    });
  const add = (
    <Button look="primary" icon={<Plus />} onClick={() => setEditing('new')}>
      {t('budgets.add')}
    </Button>
  );
  return (
    <>
      <Section
        title={t('budgets.title')}
        lead={t(mayChange ? 'budgets.lead' : 'budgets.lead_own')}
        action={mayChange && data && data.length > 0 ? add : null}
      >
        {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {!data && !error ? <SkeletonRows rows={2} label={t('common:loading')} className="h-20" /> : null}
        {remove.error ? <ErrorState error={remove.error} className="mb-3" /> : null}
        {data?.length === 0 ? (
          <div className="rounded-md border border-line">
            <EmptyState
              icon={<Wallet />}
              title={t('budgets.empty')}
              text={t('budgets.empty_text')}
              action={mayChange ? add : null}
            />
          </div>
        ) : null}
        {data && data.length > 0 ? (
          <Rows label={t('budgets.title')}>
            {data.map((budget) => (
              <BudgetRow
                key={budget.id}
                budget={budget}
                subject={subjectText(budget.subject)}
                {...(mayChange ? { onEdit: () => setEditing(budget), onRemove: () => takeBack(budget) } : {})}
              />
            ))}
          </Rows>
        ) : null}
        {editing ? (
          <BudgetDialog
            {...(editing === 'new' ? {} : { budget: editing })}
            onClose={() => setEditing(null)}
          />
        ) : null}
      </Section>
      <Limits mayChange={mayChange} />
    </>
  );
}
