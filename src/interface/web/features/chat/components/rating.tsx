// Good or bad, stored at once; then, if the person likes, why, and the answer as it should have been.
import ThumbsDown from 'lucide-react/icons/thumbs-down';
import ThumbsUp from 'lucide-react/icons/thumbs-up';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Score } from '../../../../../contracts/score.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useRateMessage } from '../api/rate-message.ts';

export interface RatingProps {
  conversationId: string;
  messageId: string;
  score: Score | null;
  /** What the model wrote: where a correction starts. */
  answer: string;
}

export function Rating({ conversationId, messageId, score, answer }: RatingProps) {
  const { t } = useTranslation(['chat', 'common']);
  const errorText = useErrorText();
  const rate = useRateMessage(conversationId);
  const [explaining, setExplaining] = useState(false);
  const value = score ? (score.value > 0 ? 1 : -1) : null;

  const choose = (chosen: 1 | -1) => {
    // A second press opens what was said, so that it can be changed or taken back.
    if (value === chosen) return setExplaining(true);
    rate.mutate(
      { messageId, rating: { value: chosen } },
      {
        onSuccess: () => chosen === -1 && setExplaining(true),
        onError: (error) =>
          toast({ title: errorText(error).title, detail: errorText(error).detail, tone: 'failed' }),
      },
    );
  };
  return (
    <>
      <IconButton
        label={t(value === 1 ? 'rate.change' : 'rate.up')}
        icon={<ThumbsUp className={value === 1 ? 'fill-current' : ''} />}
        size="small"
        aria-pressed={value === 1}
        onClick={() => choose(1)}
      />
      <IconButton
        label={t(value === -1 ? 'rate.change' : 'rate.down')}
        icon={<ThumbsDown className={value === -1 ? 'fill-current' : ''} />}
        size="small"
        aria-pressed={value === -1}
        onClick={() => choose(-1)}
      />
      {explaining && value !== null ? (
        <Explanation
          score={score}
          answer={answer}
          busy={rate.isPending}
          error={rate.error}
          onClose={() => setExplaining(false)}
          onSave={(reason, correction) =>
            rate.mutate(
              { messageId, rating: { value, reason, correction } },
              { onSuccess: () => setExplaining(false) },
            )
          }
          onTakeBack={() =>
            rate.mutate({ messageId, rating: { value: null } }, { onSuccess: () => setExplaining(false) })
          }
        />
      ) : null}
    </>
  );
}

interface ExplanationProps {
  score: Score | null;
  answer: string;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onSave: (reason: string | null, correction: string | null) => void;
  onTakeBack: () => void;
}

function Explanation({ score, answer, busy, error, onClose, onSave, onTakeBack }: ExplanationProps) {
  const { t } = useTranslation(['chat', 'common']);
  const [reason, setReason] = useState(score?.reason ?? '');
  const [correction, setCorrection] = useState(score?.correction ?? '');
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(score && score.value > 0 ? 'rate.title_up' : 'rate.title_down')}
      description={t('rate.about')}
      actions={
        <>
          <Button look="quiet" className="mr-auto" onClick={onTakeBack} disabled={busy}>
            {t('rate.take_back')}
          </Button>
          <Button
            look="primary"
            busy={busy}
            onClick={() => onSave(reason.trim() || null, correction.trim() || null)}
          >
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form className="flex flex-col gap-4" onSubmit={(event) => event.preventDefault()}>
        <Field label={t('rate.reason')}>
          {(control) => (
            <Textarea
              {...control}
              value={reason}
              maxLength={4000}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('rate.correction')} hint={t('rate.correction_hint')}>
          {(control) => (
            <Textarea
              {...control}
              className="min-h-32"
              value={correction}
              maxLength={200_000}
              onChange={(event) => setCorrection(event.target.value)}
            />
          )}
        </Field>
        {correction === '' ? (
          <Button size="small" className="self-start" onClick={() => setCorrection(answer)}>
            {t('rate.start_from_answer')}
          </Button>
        ) : null}
        {error ? <ErrorState error={error} /> : null}
      </form>
    </Dialog>
  );
}
