// An answer: no bubble, its text, how it ended, its receipt, and what can be done with it.
import { Link } from '@tanstack/react-router';
import FlaskConical from 'lucide-react/icons/flask-conical';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../../../contracts/conversation.ts';
import { TakeButton } from '../../../components/datasets/take-button.tsx';
import { RunFiles } from '../../../components/run/run-files.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Tooltip } from '../../../components/ui/tooltip.tsx';
import { useNoticeText } from '../../../lib/notice-text.ts';
import { findModel, useModels } from '../../../lib/queries.ts';
import { isAsking, mayHaveFiles } from '../lib/agent-parts.ts';
import type { Siblings } from '../lib/message-tree.ts';
import { partsOf, textOf } from '../lib/run-state.ts';
import { useRun } from '../lib/run-store.ts';
import { AnswerError } from './answer-error.tsx';
import { AnswerStatus } from './answer-status.tsx';
import { BranchSwitcher } from './branch-switcher.tsx';
import { CopyButton } from './copy-button.tsx';
import type { AnswerView } from './parts/part-view.ts';
import { Parts } from './parts/parts.tsx';
import { Rating } from './rating.tsx';
import { ReceiptLine } from './receipt-line.tsx';
import { RegenerateMenu } from './regenerate-menu.tsx';

export interface AssistantMessageProps {
  message: Message;
  siblings: Siblings;
  /** The conversation's model, for an answer that has no receipt. */
  model: string;
  last: boolean;
  busy: boolean;
  stopping: boolean;
  onRegenerate: (messageId: string, other?: { model?: string; readAnyway?: boolean }) => void;
  onContinue: () => void;
  onSwitch: (messageId: string) => void;
}

export const AssistantMessage = memo(function AssistantMessage({
  message,
  siblings,
  model,
  last,
  busy,
  stopping,
  onRegenerate,
  onContinue,
  onSwitch,
}: AssistantMessageProps) {
  const { t } = useTranslation(['chat', 'shell']);
  const notice = useNoticeText();
  const models = useModels().data;
  const running = message.status === 'running';
  const run = useRun(running ? message.runId : null);
  const live = running && run.seq > 0;
  const parts = live ? partsOf(run) : message.parts;
  const status = live && run.status !== 'waiting' ? run.status : message.status;
  const error = live ? run.error : message.error;
  const receipt = live ? run.receipt : message.receipt;
  const text = textOf(parts);
  const writing = status === 'running';
  const who = receipt?.model ?? run.model ?? model;
  const answer: AnswerView = {
    message,
    status,
    writing,
    text,
    run: live ? run : null,
    onReadAnyway: busy ? null : () => onRegenerate(message.id, { model: who, readAnyway: true }),
  };

  return (
    <article
      aria-label={t('message.answer', { model: findModel(models, who)?.displayName ?? who })}
      aria-busy={writing}
      className="group mb-5"
    >
      <Parts parts={parts} answer={answer} place="Body" />
      {writing && !isAsking(parts) ? <AnswerStatus run={run} stopping={stopping} /> : null}
      {live ? run.warnings.map((warning) => <Note key={warning.message}>{notice(warning)}</Note>) : null}
      {error ? (
        <div className={text === '' ? '' : 'mt-3'}>
          <AnswerError error={error} onRetry={busy ? null : () => onRegenerate(message.id)} />
        </div>
      ) : null}
      <Ending
        status={status}
        cut={receipt?.finishReason === 'length'}
        busy={busy}
        empty={text === ''}
        onRegenerate={() => onRegenerate(message.id)}
        onContinue={onContinue}
        last={last}
      />
      <Parts parts={parts} answer={answer} place="Foot" />
      {!writing && message.runId !== null && mayHaveFiles(parts) ? <RunFiles runId={message.runId} /> : null}
      {writing ? null : (
        <footer className="mt-3 flex flex-col gap-1">
          {receipt ? <ReceiptLine receipt={receipt} /> : null}
          <div className="-ml-1.5 flex h-7 items-center gap-0.5">
            <BranchSwitcher siblings={siblings} disabled={busy} onSwitch={onSwitch} />
            <span className={last ? 'flex' : 'message-actions flex'}>
              {text === '' ? null : <CopyButton text={text} label={t('action.copy')} />}
              <RegenerateMenu
                model={receipt?.model ?? model}
                disabled={busy}
                onRegenerate={(chosen) => onRegenerate(message.id, chosen ? { model: chosen } : {})}
              />
              {receipt ? (
                <Tooltip text={t('shell:playground')}>
                  <Link
                    to="/playground"
                    search={{ trace: receipt.traceId, span: receipt.spanId }}
                    aria-label={t('shell:playground')}
                    className="inline-flex size-7 items-center justify-center rounded-md text-quiet hover:bg-sunken hover:text-ink"
                  >
                    <FlaskConical className="size-4" aria-hidden="true" />
                  </Link>
                </Tooltip>
              ) : null}
              {receipt && text !== '' && message.score ? (
                <TakeButton
                  traceId={receipt.traceId}
                  spanId={receipt.spanId}
                  userId={message.score.userId}
                  look="icon"
                />
              ) : null}
              {receipt && text !== '' ? (
                <Rating
                  conversationId={message.conversationId}
                  messageId={message.id}
                  score={message.score}
                  answer={text}
                />
              ) : null}
            </span>
          </div>
        </footer>
      )}
    </article>
  );
});

function Note({ children }: { children: string }) {
  return <p className="mt-2 text-xs text-quiet">{children}</p>;
}

interface EndingProps {
  status: Message['status'];
  /** The token limit ended it. */
  cut: boolean;
  empty: boolean;
  busy: boolean;
  last: boolean;
  onRegenerate: () => void;
  onContinue: () => void;
}

/** An answer that is not whole says so, and offers to go on. */
function Ending({ status, cut, empty, busy, last, onRegenerate, onContinue }: EndingProps) {
  const { t } = useTranslation('chat');
  const kind =
    status === 'interrupted' ? 'interrupted' : status === 'stopped' ? 'stopped' : cut ? 'cut' : null;
  if (kind === null || status === 'running') return null;
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2 text-sm text-quiet">
      <p>{t(`ending.${kind}`)}</p>
      {last && !busy ? (
        <>
          {empty ? null : (
            <Button size="small" onClick={onContinue}>
              {t('ending.continue')}
            </Button>
          )}
          {kind === 'cut' ? null : (
            <Button size="small" look="quiet" onClick={onRegenerate}>
              {t('action.regenerate')}
            </Button>
          )}
        </>
      ) : null}
    </div>
  );
}
