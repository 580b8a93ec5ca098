// Classifiers that are being made, or that failed of late; when one ends the list is read again.

import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import X from 'lucide-react/icons/x';
import { useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { TaskProgress } from '../../../components/task-progress.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { onServerEvent } from '../../../lib/events.ts';
import { learningKeys } from '../../../lib/learning.ts';
import { useTaskAction } from '../../../lib/mutations.ts';
import { useTasks } from '../../../lib/queries.ts';
import { isOpen } from '../../../lib/task-figures.ts';

const KIND = 'learning.classifier';
/** A failure is told here for this long; the tray keeps it longer. */
const FRESH_MS = 10 * 60_000;

export function ClassifierTasks() {
  const { t } = useTranslation(['classifiers', 'tasks']);
  const say = useErrorText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const action = useTaskAction();
  const tasks = (useTasks().data ?? []).filter(({ kind }) => kind === KIND);
  const tell = useCallback(
    (name: string) =>
      toast({
        title: t('ready', { name }),
        action: {
          label: t('open'),
          onSelect: () => void navigate({ to: '/improve/classifiers/$name', params: { name } }),
        },
      }),
    [t, navigate],
  );
  useEffect(
    () =>
      onServerEvent((event) => {
        if (event.type !== 'task-changed') return;
        const { kind, title, status } = event.task;
        if (kind !== KIND || isOpen(event.task)) return;
        void client.invalidateQueries({ queryKey: learningKeys.classifiers });
        if (status === 'complete') tell(title);
      }),
    [client, tell],
  );
  const open = tasks.filter(isOpen);
  const failed = tasks.filter(
    ({ status, endedAt }) => status === 'failed' && (endedAt ?? 0) > Date.now() - FRESH_MS,
  );
  if (open.length + failed.length === 0) return null;
  return (
    <ul aria-label={t('making')} className="mb-4 flex flex-col gap-2">
      {open.map((task) => (
        <li
          key={task.id}
          className="flex items-center gap-2 rounded-md border border-line bg-raised py-2 pr-2 pl-4"
        >
          <div className="flex min-w-0 grow flex-col gap-1">
            <p className="truncate text-sm">{t('making_one', { name: task.title })}</p>
            <TaskProgress task={task} />
          </div>
          <IconButton
            size="small"
            label={t('tasks:cancel')}
            icon={<X />}
            onClick={() =>
              action.mutate(
                { id: task.id, action: 'cancel' },
                {
                  onError: (error) =>
                    toast({ title: t('tasks:action_failed'), detail: say(error).title, tone: 'failed' }),
                },
              )
            }
          />
        </li>
      ))}
      {failed.slice(0, 1).map((task) => (
        <li key={task.id}>
          <p className="mb-1 text-sm font-semibold">{t('failed_one', { name: task.title })}</p>
          <ErrorState
            error={task.error ?? new Error(t('failed_one', { name: task.title }))}
            actions={
              <Link to="/improve/classifiers" search={{ new: '' }} className="text-sm underline">
                {t('new')}
              </Link>
            }
          />
        </li>
      ))}
    </ul>
  );
}
