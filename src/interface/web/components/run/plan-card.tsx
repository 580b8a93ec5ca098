// The plan of a run: what is done, what is under way, what is left. A person may change it while the run goes.
import Check from 'lucide-react/icons/check';
import Circle from 'lucide-react/icons/circle';
import CircleDot from 'lucide-react/icons/circle-dot';
import CircleSlash from 'lucide-react/icons/circle-slash';
import Pencil from 'lucide-react/icons/pencil';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanItem } from '../../../../contracts/agent.ts';
import { useFormat } from '../../lib/format.ts';
import { cx } from '../ui/cx.ts';
import { IconButton } from '../ui/icon-button.tsx';

const PlanEditor = lazy(async () => ({ default: (await import('./plan-editor.tsx')).PlanEditor }));

export const planMarks: Record<PlanItem['status'], { Icon: typeof Check; look: string }> = {
  open: { Icon: Circle, look: 'text-quiet' },
  doing: { Icon: CircleDot, look: 'text-accent' },
  done: { Icon: Check, look: 'text-ready' },
  dropped: { Icon: CircleSlash, look: 'text-quiet' },
};

export interface PlanCardProps {
  items: readonly PlanItem[];
  /** The run that can still be told; null: it is over. */
  runId: string | null;
}

export function PlanCard({ items, runId }: PlanCardProps) {
  const { t } = useTranslation('run');
  const format = useFormat();
  const [editing, setEditing] = useState(false);
  const counted = items.filter((item) => item.status !== 'dropped');
  const done = counted.filter((item) => item.status === 'done').length;
  return (
    <section
      aria-label={t('plan.title')}
      className="my-2 max-w-[72ch] rounded-md border border-line bg-raised px-4 py-2.5"
    >
      <header className="flex min-h-7 items-center gap-2">
        <h3 className="text-sm font-semibold">{t('plan.title')}</h3>
        <span className="tabular grow text-xs text-quiet">
          {t('plan.done', { count: done, done: format.whole(done), total: format.whole(counted.length) })}
        </span>
        {runId !== null && !editing ? (
          <IconButton
            label={t('plan.edit')}
            icon={<Pencil />}
            size="small"
            onClick={() => setEditing(true)}
          />
        ) : null}
      </header>
      {editing && runId !== null ? (
        <Suspense fallback={null}>
          <PlanEditor items={items} runId={runId} onClose={() => setEditing(false)} />
        </Suspense>
      ) : (
        <ol className="mt-1 flex flex-col gap-1">
          {items.map((item) => {
            const { Icon, look } = planMarks[item.status];
            return (
              <li key={item.id} className="flex items-start gap-2 text-sm">
                <Icon className={cx('mt-0.5 size-4 shrink-0', look)} aria-hidden="true" />
                <span
                  className={cx(
                    'min-w-0 break-words',
                    item.status === 'dropped' && 'text-quiet line-through',
                    item.status === 'doing' && 'font-semibold',
                    item.status === 'done' && 'text-quiet',
                  )}
                >
                  {item.text}
                  <span className="sr-only"> ({t(`plan.status.${item.status}`)})</span>
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
