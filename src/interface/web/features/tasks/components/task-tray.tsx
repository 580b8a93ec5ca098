// The tray at the rail's foot: long work that is open, and what failed until it is dismissed. It survives a reload.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Popover } from '../../../components/ui/popover.tsx';
import { useTasks } from '../../../lib/queries.ts';
import { dismissedTasks, keepDismissed, trayOf } from '../tray.ts';
import { TaskRow } from './task-row.tsx';

const SHOWN = 2;

export function TaskTray() {
  const { t } = useTranslation('tasks');
  const { data } = useTasks();
  const [dismissed, setDismissed] = useState(dismissedTasks);
  const tray = trayOf(data ?? [], dismissed, Date.now());
  if (tray.length === 0) return null;
  const dismiss = (id: string) => setDismissed((before) => keepDismissed([...before, id]));
  const rows = (list: typeof tray) =>
    list.map((task) => <TaskRow key={task.id} task={task} onDismiss={dismiss} />);
  const hidden = tray.length - SHOWN;
  return (
    <section aria-label={t('tray')} className="border-t border-line px-2.5 pt-1.5 pb-1">
      <ul>{rows(tray.slice(0, SHOWN))}</ul>
      {hidden > 0 ? (
        <Popover
          label={t('all')}
          side="right"
          align="end"
          trigger={
            <button type="button" className="py-1 text-xs text-accent hover:underline">
              {t('more', { count: hidden })}
            </button>
          }
        >
          <ul>{rows(tray)}</ul>
        </Popover>
      ) : null}
    </section>
  );
}
