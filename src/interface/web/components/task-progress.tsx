// How far long work is: a bar and one line with amount, speed and time left.
import { useTranslation } from 'react-i18next';
import type { Task } from '../../../contracts/task.ts';
import { useFormat } from '../lib/format.ts';
import { fractionOf, secondsLeft } from '../lib/task-figures.ts';
import { cx } from './ui/cx.ts';
import { Progress } from './ui/progress.tsx';

const notes = [
  'downloading',
  'joining',
  'verifying',
  'converting',
  'linking',
  'copying',
  'looking',
  'unpacking',
  'loading',
  'reading',
  'embedding',
  'fitting',
  'names',
] as const;

/** "412 of 1,117 MB · 12 MB/s · 40 s left" */
export function useTaskLine(): (task: Task) => string {
  const { t } = useTranslation('tasks');
  const format = useFormat();
  return (task) => {
    if (task.status === 'queued') return t('status.queued');
    const { progress } = task;
    const parts: string[] = [];
    if (task.status === 'paused') parts.push(t('status.paused'));
    else {
      const note = notes.find((one) => one === progress?.note);
      // A download says so by its amount and speed; on the way to something else it must be named.
      if (note && !(note === 'downloading' && task.kind === 'models.download')) parts.push(t(`note.${note}`));
    }
    if (progress) {
      const amount = progress.unit === 'bytes' ? format.megabytes : format.whole;
      if (progress.total !== null)
        parts.push(
          t(progress.unit === 'bytes' ? 'amount_bytes' : 'amount_items', {
            done: amount(progress.done),
            total: amount(progress.total),
          }),
        );
      else if (progress.done > 0)
        parts.push(progress.unit === 'bytes' ? format.bytes(progress.done) : format.whole(progress.done));
      if (task.status === 'running') {
        if (progress.unit === 'bytes' && progress.perSecond)
          parts.push(format.bytesPerSecond(progress.perSecond));
        const left = secondsLeft(progress);
        if (left !== null) parts.push(t('left', { time: format.duration(left * 1000) }));
      }
    }
    return parts.join(' · ') || t('status.running');
  };
}

export function TaskProgress({ task, className }: { task: Task; className?: string }) {
  const line = useTaskLine();
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <Progress value={fractionOf(task.progress)} label={task.title} />
      <p className="tabular text-xs text-quiet">{line(task)}</p>
    </div>
  );
}
