// The reading that is under way in this collection: the same rows as in the tray, where the eyes are.
import Pause from 'lucide-react/icons/pause';
import Play from 'lucide-react/icons/play';
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import type { Task } from '../../../../../contracts/task.ts';
import { TaskProgress } from '../../../components/task-progress.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useTaskAction } from '../../../lib/mutations.ts';
import { useTasks } from '../../../lib/queries.ts';
import { isOpen } from '../../../lib/task-figures.ts';

export function ReadingTasks({ collectionId }: { collectionId: string }) {
  const { t } = useTranslation('knowledge');
  const tasks = (useTasks().data ?? []).filter(
    (task) => isOpen(task) && task.payload.collectionId === collectionId,
  );
  if (tasks.length === 0) return null;
  return (
    <ul aria-label={t('reading.label')} className="flex flex-col gap-2">
      {tasks.map((task) => (
        <Row key={task.id} task={task} />
      ))}
    </ul>
  );
}

function Row({ task }: { task: Task }) {
  const { t } = useTranslation(['knowledge', 'tasks']);
  const say = useErrorText();
  const action = useTaskAction();
  const act = (what: 'pause' | 'resume' | 'cancel') =>
    action.mutate(
      { id: task.id, action: what },
      {
        onError: (error) =>
          toast({ title: t('tasks:action_failed'), detail: say(error).title, tone: 'failed' }),
      },
    );
  return (
    <li className="flex items-center gap-2 rounded-md border border-line bg-raised py-2 pr-2 pl-4">
      <div className="flex min-w-0 grow flex-col gap-1">
        <p className="truncate text-sm">{t('reading.title')}</p>
        <TaskProgress task={task} />
      </div>
      {task.canPause && task.status === 'running' ? (
        <IconButton size="small" label={t('tasks:pause')} icon={<Pause />} onClick={() => act('pause')} />
      ) : null}
      {task.status === 'paused' ? (
        <IconButton size="small" label={t('tasks:resume')} icon={<Play />} onClick={() => act('resume')} />
      ) : null}
      <IconButton size="small" label={t('tasks:cancel')} icon={<X />} onClick={() => act('cancel')} />
    </li>
  );
}
