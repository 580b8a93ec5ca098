// Documents that were added with this message: on their way, being read, ready, or why not.
import CircleAlert from 'lucide-react/icons/circle-alert';
import CircleCheck from 'lucide-react/icons/circle-check';
import FileText from 'lucide-react/icons/file-text';
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import { useTaskLine } from '../../../../components/task-progress.tsx';
import { cx } from '../../../../components/ui/cx.ts';
import { Tooltip } from '../../../../components/ui/tooltip.tsx';
import { useErrorText } from '../../../../lib/error-text.ts';
import type { FollowedIntake } from './use-intake.ts';

export interface IntakeChipsProps {
  arriving: readonly string[];
  followed: readonly FollowedIntake[];
  onDismiss: (id: string) => void;
}

const chip =
  'inline-flex h-8 max-w-72 items-center gap-1.5 rounded-md border border-line bg-paper px-2 text-sm';

export function IntakeChips({ arriving, followed, onDismiss }: IntakeChipsProps) {
  const { t } = useTranslation('knowledge');
  return (
    <>
      {followed.map((one) => (
        <li key={one.id}>
          <Followed intake={one} onDismiss={onDismiss} />
        </li>
      ))}
      {arriving.map((name) => (
        <li key={name} className={chip}>
          <FileText aria-hidden="true" className="size-4 shrink-0 text-quiet" />
          <span className="truncate">{name}</span>
          <span className="shrink-0 text-xs text-quiet animate-wait">{t('chat.adding')}</span>
        </li>
      ))}
    </>
  );
}

const icons = { working: FileText, ready: CircleCheck, failed: CircleAlert } as const;

function Followed({ intake, onDismiss }: { intake: FollowedIntake; onDismiss: (id: string) => void }) {
  const { t } = useTranslation('knowledge');
  const say = useErrorText();
  const line = useTaskLine();
  const { state, error, task, name } = intake;
  const Icon = icons[state];
  const trouble = error ? say(error) : null;
  const word =
    state === 'working'
      ? task
        ? line(task)
        : t('status.reading')
      : state === 'ready'
        ? t('status.ready')
        : (trouble?.title ?? t('status.cancelled'));
  return (
    <span className={cx(chip, state === 'failed' && 'border-failed')}>
      <Icon
        aria-hidden="true"
        className={cx(
          'size-4 shrink-0',
          state === 'ready' ? 'text-ready' : state === 'failed' ? 'text-failed' : 'text-quiet',
        )}
      />
      <span className="truncate" title={name}>
        {name}
      </span>
      <Tooltip text={trouble ? `${trouble.title} ${trouble.detail}` : word}>
        <span
          role="status"
          tabIndex={trouble ? 0 : undefined}
          className={cx(
            'tabular max-w-40 truncate text-xs',
            state === 'working'
              ? 'text-quiet animate-wait'
              : state === 'ready'
                ? 'text-ready'
                : 'text-failed',
          )}
        >
          {word}
        </span>
      </Tooltip>
      <button
        type="button"
        onClick={() => onDismiss(intake.id)}
        aria-label={t('chat.dismiss', { name })}
        className="-mr-1 rounded-sm p-1 text-quiet hover:bg-sunken hover:text-ink"
      >
        <X aria-hidden="true" className="size-3.5" />
      </button>
    </span>
  );
}
