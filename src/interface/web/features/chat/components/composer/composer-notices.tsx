// What stands above the composer when something was refused: a file, a message, a message sent too early.
import { Link } from '@tanstack/react-router';
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import { Button, buttonClass } from '../../../../components/ui/button.tsx';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { IconButton } from '../../../../components/ui/icon-button.tsx';
import { asError } from '../../../../lib/error-text.ts';
import { useFormat } from '../../../../lib/format.ts';
import { MAX_ATTACHMENT_BYTES, type Refusal } from '../../lib/attachments.ts';

export interface ComposerNoticesProps {
  refusals: readonly Refusal[];
  failure: unknown;
  /** Enter was pressed while an answer is being written. */
  waiting: boolean;
  /** The message waits until the documents are read. */
  held: { sendNow: () => void; cancel: () => void } | null;
  /** Why files could not be added to a collection. */
  intakeFailure: unknown;
  /** A new chat can be begun with this message. */
  onNewChat?: () => void;
  onDismissRefusals: () => void;
  onDismissIntake: () => void;
}

export function ComposerNotices({
  refusals,
  failure,
  waiting,
  held,
  intakeFailure,
  onNewChat,
  onDismissRefusals,
  onDismissIntake,
}: ComposerNoticesProps) {
  const { t } = useTranslation(['chat', 'common', 'knowledge']);
  const format = useFormat();
  return (
    <>
      {refusals.length > 0 ? (
        <div
          role="alert"
          className="flex items-start gap-2 rounded-md bg-needs-soft py-2 pr-1 pl-3.5 text-sm"
        >
          <ul className="grow">
            {refusals.map((refusal) => (
              <li key={refusal.name}>
                {t(`attach.refused.${refusal.reason}`, {
                  name: refusal.name,
                  limit: format.bytes(MAX_ATTACHMENT_BYTES),
                })}
              </li>
            ))}
          </ul>
          <IconButton label={t('common:close')} icon={<X />} size="small" onClick={onDismissRefusals} />
        </div>
      ) : null}
      {intakeFailure ? (
        <ErrorState
          error={intakeFailure}
          actions={
            <Button size="small" look="quiet" onClick={onDismissIntake}>
              {t('common:close')}
            </Button>
          }
        />
      ) : null}
      {failure ? <Failure failure={failure} onNewChat={onNewChat} /> : null}
      {held ? (
        <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 px-1 text-sm text-quiet">
          <p className="grow">{t('knowledge:chat.waiting')}</p>
          <Button size="small" onClick={held.sendNow}>
            {t('knowledge:chat.send_now')}
          </Button>
          <Button size="small" look="quiet" onClick={held.cancel}>
            {t('common:cancel')}
          </Button>
        </div>
      ) : null}
      {waiting ? (
        <p role="status" className="px-1 text-sm text-quiet">
          {t('composer.waiting')}
        </p>
      ) : null}
    </>
  );
}

function Failure({ failure, onNewChat }: { failure: unknown; onNewChat: (() => void) | undefined }) {
  const { t } = useTranslation('chat');
  const error = asError(failure);
  const toModels = (
    <Link to="/models" className={buttonClass('secondary', 'small')}>
      {t('error.models')}
    </Link>
  );
  if (error.code === 'model_not_found' && error.data.asked === 'default')
    return (
      <div
        role="alert"
        className="flex flex-wrap items-center gap-3 rounded-md bg-needs-soft px-4 py-3 text-sm"
      >
        <p className="min-w-48 grow">
          <span className="block font-semibold text-needs">{t('error.no_model')}</span>
          {t('error.no_model_text')}
        </p>
        {toModels}
      </div>
    );
  return (
    <ErrorState
      error={failure}
      actions={
        error.code === 'context_overflow' && onNewChat ? (
          <Link to="/chat" onClick={onNewChat} className={buttonClass('secondary', 'small')}>
            {t('new')}
          </Link>
        ) : error.code === 'model_not_found' || error.code === 'model_not_installed' ? (
          toModels
        ) : null
      }
    />
  );
}
