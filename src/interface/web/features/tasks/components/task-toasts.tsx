// Says when work in the background ended. Only what this page saw open is announced.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { onServerEvent } from '../../../lib/events.ts';
import { useTasks } from '../../../lib/queries.ts';
import { isOpen } from '../../../lib/task-figures.ts';

export function TaskToasts() {
  const { t } = useTranslation('tasks');
  const say = useErrorText();
  const { data } = useTasks();
  const open = useRef(new Set<string>());

  useEffect(() => {
    for (const task of data ?? []) if (isOpen(task)) open.current.add(task.id);
  }, [data]);

  useEffect(
    () =>
      onServerEvent((event) => {
        if (event.type !== 'task-changed') return;
        const { task } = event;
        if (isOpen(task)) {
          open.current.add(task.id);
          return;
        }
        if (!open.current.delete(task.id) || !task.kind.startsWith('models.')) return;
        if (task.status === 'complete')
          toast({ title: t('done', { title: task.title }), detail: t('done_detail') });
        if (task.status === 'failed')
          toast({
            title: t('failed', { title: task.title }),
            detail: task.error ? say(task.error).title : '',
            tone: 'failed',
          });
      }),
    [t, say],
  );
  return null;
}
