// One piece of long work: name, progress, and the buttons that fit its state.
import Pause from 'lucide-react/icons/pause';
import Play from 'lucide-react/icons/play';
import RotateCw from 'lucide-react/icons/rotate-cw';
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import type { Task } from '../../../../../contracts/task.ts';
import { TaskProgress } from '../../../components/task-progress.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { usePull, useTaskAction } from '../../../lib/mutations.ts';
import { pullInputOf } from '../pull-input.ts';

export interface TaskRowProps {
  task: Task;
  onDismiss: (id: string) => void;
}

export function TaskRow({ task, onDismiss }: TaskRowProps) {
  const { t } = useTranslation('tasks');
  const say = useErrorText();
  const action = useTaskAction();
  const pull = usePull();
  const failedAction = (error: unknown) =>
    toast({ title: t('action_failed'), detail: say(error).title, tone: 'failed' });
  const act = (what: 'pause' | 'resume' | 'cancel') =>
    action.mutate({ id: task.id, action: what }, { onError: failedAction });
  const failed = task.status === 'failed';
  const again = pullInputOf(task);
  return (
    <li className="flex flex-col gap-1 py-1.5">
      <div className="flex items-center gap-0.5">
        <span className="min-w-0 grow truncate text-xs" title={task.title}>
          {task.title}
        </span>
        {task.canPause && task.status === 'running' ? (
          <IconButton size="small" label={t('pause')} icon={<Pause />} onClick={() => act('pause')} />
        ) : null}
        {task.status === 'paused' ? (
          <IconButton size="small" label={t('resume')} icon={<Play />} onClick={() => act('resume')} />
        ) : null}
        {failed && again ? (
          <IconButton
            size="small"
            label={t('retry')}
            icon={<RotateCw />}
            onClick={() => pull.mutate(again, { onSuccess: () => onDismiss(task.id), onError: failedAction })}
          />
        ) : null}
        <IconButton
          size="small"
          label={failed ? t('dismiss') : t('cancel')}
          icon={<X />}
          onClick={() => (failed ? onDismiss(task.id) : act('cancel'))}
        />
      </div>
      {failed ? (
        <p className="text-xs text-failed">
          {t('status.failed')}
          {task.error ? ` · ${say(task.error).title}` : ''}
        </p>
      ) : (
        <TaskProgress task={task} />
      )}
    </li>
  );
}
