// A run outside any conversation, drawn as its answer would be: plan, steps, text, files, receipt; and a way to stop it.
import Square from 'lucide-react/icons/square';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../../../contracts/conversation.ts';
import { RunFiles } from '../../../components/run/run-files.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useNoticeText } from '../../../lib/notice-text.ts';
import { useCancelRun } from '../api/cancel-run.ts';
import { isAsking, mayHaveFiles } from '../lib/agent-parts.ts';
import { isOver, partsOf, textOf } from '../lib/run-state.ts';
import { useRun } from '../lib/run-store.ts';
import { AnswerError } from './answer-error.tsx';
import { AnswerStatus } from './answer-status.tsx';
import { LiveAnnouncer } from './live-announcer.tsx';
import type { AnswerView } from './parts/part-view.ts';
import { Parts } from './parts/parts.tsx';
import { ReceiptLine } from './receipt-line.tsx';

/** What the drawing of parts asks of a message, for a run that has none. */
function messageOf(runId: string, status: Message['status']): Message {
  return {
    id: runId,
    conversationId: '',
    parentId: null,
    role: 'assistant',
    parts: [],
    status,
    runId,
    receipt: null,
    error: null,
    score: null,
    createdAt: 0,
  };
}

export function RunAnswer({ runId }: { runId: string }) {
  const { t } = useTranslation(['chat', 'common', 'run']);
  const say = useErrorText();
  const notice = useNoticeText();
  const run = useRun(runId);
  const cancel = useCancelRun();
  if (run.connection === 'refused') return <p className="text-sm text-quiet">{t('run:gone')}</p>;
  const writing = !isOver(run);
  const status = run.status === 'waiting' ? 'running' : run.status;
  const parts = partsOf(run);
  const text = textOf(parts);
  const answer: AnswerView = {
    message: messageOf(runId, status),
    status,
    writing,
    text,
    run,
    onReadAnyway: null,
  };
  return (
    <article aria-label={t('run:answer')} aria-busy={writing}>
      <Parts parts={parts} answer={answer} place="Body" />
      {writing && !isAsking(parts) ? <AnswerStatus run={run} stopping={cancel.isPending} /> : null}
      {run.warnings.map((warning) => (
        <p key={warning.message} className="mt-2 text-xs text-quiet">
          {notice(warning)}
        </p>
      ))}
      {run.error ? <AnswerError error={run.error} onRetry={null} /> : null}
      {run.status === 'stopped' || run.status === 'interrupted' ? (
        <p className="mt-3 text-sm text-quiet">{t(`ending.${run.status}`)}</p>
      ) : null}
      <Parts parts={parts} answer={answer} place="Foot" />
      {!writing && mayHaveFiles(parts) ? <RunFiles runId={runId} /> : null}
      <div className="mt-3">
        {writing ? (
          <Button
            size="small"
            icon={<Square />}
            busy={cancel.isPending}
            onClick={() =>
              cancel.mutate(runId, {
                onError: (error) =>
                  toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' }),
              })
            }
          >
            {t('common:stop')}
          </Button>
        ) : run.receipt ? (
          <ReceiptLine receipt={run.receipt} />
        ) : null}
      </div>
      <LiveAnnouncer runId={writing ? runId : null} />
    </article>
  );
}
