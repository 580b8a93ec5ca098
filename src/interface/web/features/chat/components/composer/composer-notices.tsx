// What stands above the composer when something was refused: a file, a message, a message sent too early.
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { IconButton } from '../../../../components/ui/icon-button.tsx';
import { useFormat } from '../../../../lib/format.ts';
import { MAX_ATTACHMENT_BYTES, type Refusal } from '../../lib/attachments.ts';

export interface ComposerNoticesProps {
  refusals: readonly Refusal[];
  failure: unknown;
  /** Enter was pressed while an answer is being written. */
  waiting: boolean;
  onDismissRefusals: () => void;
}

export function ComposerNotices({ refusals, failure, waiting, onDismissRefusals }: ComposerNoticesProps) {
  const { t } = useTranslation(['chat', 'common']);
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
      {failure ? <ErrorState error={failure} /> : null}
      {waiting ? (
        <p role="status" className="px-1 text-sm text-quiet">
          {t('composer.waiting')}
        </p>
      ) : null}
    </>
  );
}
