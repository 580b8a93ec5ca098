// An answer that failed: what happened, in words, and what helps in this case.

import { Link } from '@tanstack/react-router';
import Plus from 'lucide-react/icons/plus';
import { useTranslation } from 'react-i18next';
import type { ErrorBody } from '../../../../../contracts/errors.ts';
import { buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';

/** Trying again as it is would fail again. */
const hopeless = new Set([
  'context_overflow',
  'unsupported_content',
  'model_not_found',
  'model_not_installed',
]);
const aboutModels = new Set([
  'model_not_found',
  'model_not_installed',
  'insufficient_memory',
  'provider_unauthorized',
  'provider_rejected',
  'provider_unreachable',
]);

export function AnswerError({ error, onRetry }: { error: ErrorBody; onRetry: (() => void) | null }) {
  const { t } = useTranslation('chat');
  return (
    <ErrorState
      error={error}
      className="max-w-[72ch]"
      {...(onRetry && !hopeless.has(error.code) ? { onRetry } : {})}
      actions={
        <>
          {error.code === 'context_overflow' ? (
            <Link to="/chat" className={buttonClass('secondary', 'small')}>
              <Plus aria-hidden="true" />
              {t('new')}
            </Link>
          ) : null}
          {aboutModels.has(error.code) ? (
            <Link to="/models" className={buttonClass('secondary', 'small')}>
              {t('error.models')}
            </Link>
          ) : null}
        </>
      }
    />
  );
}
