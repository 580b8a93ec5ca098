// An answer in a column or a cell: waiting, written, stopped, failed.
import { useTranslation } from 'react-i18next';
import type { CallStatus } from '../../../../contracts/model.ts';
import { type AnswerState, answerText } from '../../lib/answers/answer-state.ts';
import { useFormat } from '../../lib/format.ts';
import { Badge } from '../ui/badge.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { TokenText } from './token-text.tsx';

function useCallText(): (call: CallStatus | null) => string {
  const { t } = useTranslation('chat');
  const format = useFormat();
  return (call) => {
    if (call === null) return t('status.waiting');
    if (call.status === 'queued') return t('status.queued', { count: call.place, place: call.place });
    if (call.status === 'reading')
      return t('status.reading', { done: format.whole(call.done), total: format.whole(call.total) });
    if (call.status === 'writing') return t('status.writing');
    return call.progress === null
      ? t('status.loading', { model: call.model })
      : t('status.loading_progress', { model: call.model, percent: format.percent(call.progress) });
  };
}

export interface AnswerBodyProps {
  state: AnswerState;
  /** Draw the tokens by their probabilities. */
  coloured: boolean;
  onRetry?: () => void;
}

export function AnswerBody({ state, coloured, onRetry }: AnswerBodyProps) {
  const { t } = useTranslation('playground');
  const callText = useCallText();
  const { status, pieces, reasoning, error } = state;
  const scored = pieces.some(({ logprobs }) => logprobs.length > 0);
  return (
    <>
      {reasoning ? (
        <details className="mb-2 text-xs text-quiet">
          <summary>{t('reasoning')}</summary>
          <p className="mt-1 break-words whitespace-pre-wrap">{reasoning}</p>
        </details>
      ) : null}
      {status === 'running' && pieces.length === 0 ? (
        <p role="status" className="text-sm text-quiet">
          {callText(state.call)}
        </p>
      ) : null}
      {coloured && scored ? (
        <TokenText pieces={pieces} />
      ) : (
        <p className="text-sm break-words whitespace-pre-wrap">{answerText(state)}</p>
      )}
      {coloured && !scored && status === 'done' ? (
        <p className="mt-2 text-xs text-quiet">{t('tokens.none')}</p>
      ) : null}
      {status === 'stopped' ? (
        <p className="mt-2">
          <Badge dot>{t('stopped')}</Badge>
        </p>
      ) : null}
      {status === 'failed' ? (
        <ErrorState error={error} className="mt-2" {...(onRetry ? { onRetry } : {})} />
      ) : null}
    </>
  );
}
