// Changes a plan: reword, reorder, drop and add steps. What the agent does meanwhile is kept.
import ArrowDown from 'lucide-react/icons/arrow-down';
import ArrowUp from 'lucide-react/icons/arrow-up';
import CircleSlash from 'lucide-react/icons/circle-slash';
import Plus from 'lucide-react/icons/plus';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import X from 'lucide-react/icons/x';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanItem } from '../../../../contracts/agent.ts';
import { useSetPlan } from '../../lib/agent-mutations.ts';
import { freshId, mergePlan, moveItem } from '../../lib/plan-edit.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { toast } from '../ui/toast.tsx';

export interface PlanEditorProps {
  items: readonly PlanItem[];
  runId: string;
  onClose: () => void;
}

export function PlanEditor({ items, runId, onClose }: PlanEditorProps) {
  const { t } = useTranslation(['run', 'common']);
  const [before] = useState(items);
  const [draft, setDraft] = useState<readonly PlanItem[]>(items);
  const list = useRef<HTMLOListElement>(null);
  const save = useSetPlan(runId);
  const next = mergePlan(draft, before, items);
  const change = (id: string, part: Partial<PlanItem>) =>
    setDraft(draft.map((item) => (item.id === id ? { ...item, ...part } : item)));
  const add = () => {
    setDraft([...draft, { id: freshId(draft), text: '', status: 'open' }]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('li:last-child input')?.focus());
  };
  const submit = () =>
    save.mutate(next, {
      onSuccess: () => {
        toast({ title: t('plan.saved'), durationMs: 4000 });
        onClose();
      },
    });
  return (
    <form
      className="mt-2 flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (next.length > 0) submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // Esc leaves the editor; it must not stop the run as well.
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <ol ref={list} className="flex flex-col gap-1.5">
        {draft.map((item, index) => (
          <li key={item.id} className="flex items-center gap-0.5">
            <Input
              aria-label={t('plan.step', { n: index + 1 })}
              value={item.text}
              maxLength={500}
              placeholder={t('plan.new_step')}
              className={cx('mr-1 min-w-0', item.status === 'dropped' && 'text-quiet line-through')}
              onChange={(event) => change(item.id, { text: event.target.value })}
            />
            <IconButton
              label={t('plan.up')}
              icon={<ArrowUp />}
              size="small"
              disabled={index === 0}
              onClick={() => setDraft(moveItem(draft, index, -1))}
            />
            <IconButton
              label={t('plan.down')}
              icon={<ArrowDown />}
              size="small"
              disabled={index === draft.length - 1}
              onClick={() => setDraft(moveItem(draft, index, 1))}
            />
            {before.some((one) => one.id === item.id) ? (
              <IconButton
                label={t(item.status === 'dropped' ? 'plan.restore' : 'plan.drop')}
                icon={item.status === 'dropped' ? <RotateCcw /> : <CircleSlash />}
                size="small"
                disabled={item.status === 'done'}
                onClick={() => change(item.id, { status: item.status === 'dropped' ? 'open' : 'dropped' })}
              />
            ) : (
              <IconButton
                label={t('plan.remove')}
                icon={<X />}
                size="small"
                onClick={() => setDraft(draft.filter((one) => one.id !== item.id))}
              />
            )}
          </li>
        ))}
      </ol>
      {next.length === 0 ? (
        <p role="status" className="text-xs text-failed">
          {t('plan.empty')}
        </p>
      ) : null}
      {save.error ? <ErrorState error={save.error} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button size="small" look="quiet" icon={<Plus />} onClick={add}>
          {t('plan.add')}
        </Button>
        <span className="grow" />
        <Button size="small" look="quiet" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button size="small" look="primary" type="submit" busy={save.isPending} disabled={next.length === 0}>
          {t('common:save')}
        </Button>
      </div>
    </form>
  );
}
