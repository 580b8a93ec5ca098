// One budget: whose, how much of it is spent and held by calls under way, and when it starts anew.
import Ellipsis from 'lucide-react/icons/ellipsis';
import Pencil from 'lucide-react/icons/pencil';
import Trash2 from 'lucide-react/icons/trash-2';
import { useTranslation } from 'react-i18next';
import type { Budget } from '../../../../../contracts/access.ts';
import { Badge } from '../../../components/ui/badge.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { useFormat } from '../../../lib/format.ts';

export interface BudgetRowProps {
  budget: Budget;
  subject: string;
  /** Absent: only looked at. */
  onEdit?: () => void;
  onRemove?: () => void;
}

export function BudgetRow({ budget, subject, onEdit, onRemove }: BudgetRowProps) {
  const { t } = useTranslation(['access', 'common']);
  const format = useFormat();
  const { amount, spent, reserved, unit, period, action, unpricedCalls, resetsAt } = budget;
  const say = (value: number) => (unit === 'money' ? format.dollars(value) : format.whole(value));
  const share = (value: number) => `${Math.min(100, (value / amount) * 100)}%`;
  const over = spent >= amount;
  const near = !over && spent + reserved >= amount * 0.8;
  const sentence = t(reserved > 0 ? 'budgets.spent_held' : 'budgets.spent', {
    spent: say(spent),
    amount: say(amount),
    reserved: say(reserved),
  });
  return (
    <li className="px-4 py-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 grow">
          <p className="flex flex-wrap items-center gap-2">
            <span className="font-semibold">{subject}</span>
            <span className="text-quiet">{t(`period.${period}`)}</span>
            <Badge>{t(`budget_action.${action}`)}</Badge>
            {over ? (
              <Badge tone="failed" dot>
                {t('budgets.over')}
              </Badge>
            ) : near ? (
              <Badge tone="needs" dot>
                {t('budgets.near')}
              </Badge>
            ) : null}
          </p>
        </div>
        {onEdit && onRemove ? (
          <Menu
            trigger={
              <IconButton label={t('actions_for', { name: subject })} icon={<Ellipsis />} size="small" />
            }
            items={[
              { label: t('common:edit'), icon: <Pencil />, onSelect: onEdit },
              null,
              { label: t('common:remove'), icon: <Trash2 />, danger: true, onSelect: onRemove },
            ]}
          />
        ) : null}
      </div>
      <meter
        className="sr-only"
        aria-label={t('budgets.bar', { name: subject })}
        aria-valuetext={sentence}
        min={0}
        max={amount}
        value={Math.min(amount, spent)}
      >
        {sentence}
      </meter>
      <div aria-hidden="true" className="mt-2 flex h-2 overflow-hidden rounded-full bg-pressed">
        <span
          className={cx('h-full', over ? 'bg-failed' : near ? 'bg-needs' : 'bg-accent')}
          style={{ width: share(spent) }}
        />
        <span className="h-full bg-control opacity-60" style={{ width: share(reserved) }} />
      </div>
      <p className="tabular mt-1 flex flex-wrap justify-between gap-x-4 text-xs text-quiet">
        <span>{sentence}</span>
        <span>{t('budgets.resets', { when: format.moment(resetsAt) })}</span>
      </p>
      {unpricedCalls > 0 && unit === 'money' ? (
        <p className="mt-1 text-xs text-needs">
          {t('budgets.unpriced', { count: unpricedCalls, n: format.whole(unpricedCalls) })}
        </p>
      ) : null}
    </li>
  );
}
