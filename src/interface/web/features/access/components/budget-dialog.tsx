// Gives a budget or changes it. Whose it is and what it counts stay, because what is spent was counted for them.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Budget, BudgetInput } from '../../../../../contracts/access.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { useSaveBudget } from '../api/budgets.ts';
import { parseAmount, writeAmount } from '../lib/amount.ts';
import { SubjectFields } from './subject-fields.tsx';

export function BudgetDialog({ budget, onClose }: { budget?: Budget; onClose: () => void }) {
  const { t, i18n } = useTranslation(['access', 'common']);
  const [subject, setSubject] = useState<BudgetInput['subject']>(
    budget?.subject ?? { kind: 'everyone', id: '' },
  );
  const [period, setPeriod] = useState<BudgetInput['period']>(budget?.period ?? 'month');
  const [unit, setUnit] = useState<BudgetInput['unit']>(budget?.unit ?? 'money');
  const [action, setAction] = useState<BudgetInput['action']>(budget?.action ?? 'refuse');
  const [text, setText] = useState(
    budget ? writeAmount(budget.amount, budget.unit, i18n.language === 'fr') : '',
  );
  const [tried, setTried] = useState(false);
  const save = useSaveBudget();
  const amount = parseAmount(text, unit);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (amount !== null)
      save.mutate(
        { id: budget?.id ?? null, input: { subject, period, unit, action, amount } },
        { onSuccess: onClose },
      );
  };
  const choice = <T extends string>(
    label: string,
    value: T,
    values: readonly T[],
    word: (value: T) => string,
    set: (value: T) => void,
    fixed = false,
    hint?: string,
  ) => (
    <Field label={label} hint={hint}>
      {(control) => (
        <Select
          {...control}
          value={value}
          disabled={fixed}
          options={values.map((one) => ({ value: one, label: word(one) }))}
          onChange={set}
        />
      )}
    </Field>
  );
  const fixed = budget !== undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(fixed ? 'budgets.edit' : 'budgets.add')}
      description={t('budgets.about')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="budget" busy={save.isPending}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form id="budget" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <SubjectFields value={subject} onChange={setSubject} disabled={fixed} />
        <div className="grid grid-cols-2 gap-4">
          {choice(
            t('budgets.unit'),
            unit,
            ['money', 'tokens'] as const,
            (one) => t(`unit.${one}`),
            setUnit,
            fixed,
          )}
          <Field
            label={t(`budgets.amount_${unit}`)}
            error={tried && amount === null ? t('amount_wrong') : null}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                autoComplete="off"
                className="tabular"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
          {choice(
            t('budgets.period'),
            period,
            ['day', 'month'] as const,
            (one) => t(`period.${one}`),
            setPeriod,
            fixed,
          )}
          {choice(
            t('budgets.action'),
            action,
            ['refuse', 'warn'] as const,
            (one) => t(`budget_action.${one}`),
            setAction,
          )}
        </div>
        <p className="text-xs text-quiet">{t(`budget_action_about.${action}`)}</p>
        {save.error ? <ErrorState error={save.error} /> : null}
      </form>
    </Dialog>
  );
}
