// Says when work in the background ended. Only what this page saw open is announced.
import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Task } from '../../../../../contracts/task.ts';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { onServerEvent } from '../../../lib/events.ts';
import { useFormat } from '../../../lib/format.ts';
import { useTasks } from '../../../lib/queries.ts';
import { isOpen } from '../../../lib/task-figures.ts';

/** Kinds of work whose end is told. */
const announced = /^(models|knowledge|apps|learning)\./;
const BACKGROUND_MS = 8_000;

/** What the reading of documents says it did. */
function countsOf(result: Task['result']): { read: number; failed: number } {
  const count = (value: unknown) => (typeof value === 'number' ? value : 0);
  return { read: count(result?.read), failed: count(result?.failed) };
}

export function TaskToasts() {
  const { t } = useTranslation('tasks');
  const say = useErrorText();
  const format = useFormat();
  const { data } = useTasks();
  const open = useRef(new Set<string>());

  /** Short work is seen to its end where it was begun. */
  const tellRead = useCallback(
    (task: Task) => {
      if ((task.endedAt ?? 0) - (task.startedAt ?? 0) < BACKGROUND_MS) return;
      const { read, failed } = countsOf(task.result);
      const parts = [
        t('read_detail', { count: read, n: format.whole(read) }),
        failed > 0 ? t('unread', { count: failed, n: format.whole(failed) }) : null,
      ].filter((part) => part !== null);
      toast({ title: t('read', { title: task.title }), detail: parts.join(' ') });
    },
    [t, format],
  );

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
        if (!open.current.delete(task.id)) return;
        if (task.kind === 'knowledge.ingest' && task.status === 'complete') return tellRead(task);
        if (!announced.test(task.kind)) return;
        if (task.status === 'complete' && task.kind.startsWith('models.'))
          toast({ title: t('done', { title: task.title }), detail: t('done_detail') });
        if (task.status === 'complete' && task.kind === 'apps.batch')
          toast({ title: t('done', { title: task.title }), detail: t('batch_detail') });
        // A classifier is told of where it was ordered: it takes seconds.
        if (task.status === 'complete' && task.kind === 'learning.training')
          toast({ title: t('trained', { title: task.title }), detail: t('trained_detail') });
        if (task.status === 'complete' && task.kind === 'learning.evaluation')
          toast({ title: t('evaluated', { title: task.title }), detail: t('evaluated_detail') });
        if (task.status === 'failed')
          toast({
            title: t('failed', { title: task.title }),
            detail: task.error ? say(task.error).title : '',
            tone: 'failed',
          });
      }),
    [t, say, tellRead],
  );
  return null;
}
