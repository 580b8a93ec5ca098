// Something could not be shown: what happened, what to do, and a way to try again.
import RotateCw from 'lucide-react/icons/rotate-cw';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { asError, useErrorText } from '../../lib/error-text.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';

export interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
  /** Other ways out. */
  actions?: ReactNode;
  className?: string;
}

/** A form in a dialog may be longer than the screen: what went wrong is at its foot, and is brought into sight. */
function showInDialog(alert: HTMLElement | null) {
  if (alert?.closest('[role="dialog"]')) alert.scrollIntoView({ block: 'nearest' });
}

export function ErrorState({ error, onRetry, actions, className }: ErrorStateProps) {
  const { t } = useTranslation('common');
  const { title, detail, technical } = useErrorText()(error);
  // What is not there is not there the next time either.
  const again = asError(error).code === 'not_found' ? undefined : onRetry;
  return (
    <div
      ref={showInDialog}
      role="alert"
      className={cx('flex gap-3 rounded-md bg-failed-soft px-4 py-3 text-sm', className)}
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-failed" aria-hidden="true" />
      <div className="min-w-0 grow">
        <p className="font-semibold text-failed">{title}</p>
        {detail ? <p className="mt-0.5 break-words">{detail}</p> : null}
        {technical !== title ? (
          <details className="mt-1 text-xs text-quiet">
            <summary>{t('program_said')}</summary>
            <p className="mt-1 font-mono break-words whitespace-pre-wrap">{technical}</p>
          </details>
        ) : null}
        {again || actions ? (
          <div className="mt-3 flex flex-wrap gap-2">
            {again ? (
              <Button size="small" icon={<RotateCw />} onClick={again}>
                {t('retry')}
              </Button>
            ) : null}
            {actions}
          </div>
        ) : null}
      </div>
    </div>
  );
}
