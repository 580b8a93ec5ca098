// A question that holds a run until a person answers: what will happen in words, the exact arguments, Yes, No or Edit.
import Hand from 'lucide-react/icons/hand';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Approval, ApprovalAnswer } from '../../../../contracts/agent.ts';
import { useAnswerApproval } from '../../lib/agent-mutations.ts';
import { useTools } from '../../lib/agent-queries.ts';
import { useToolTitle } from '../../lib/known-names.ts';
import { useActText } from '../../lib/tool-words.ts';
import { JsonEditor, readJson } from '../schema/json-editor.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Field } from '../ui/field.tsx';
import { Textarea } from '../ui/textarea.tsx';
import { ArgumentsList } from './arguments-list.tsx';
import { EffectBadge } from './effect-badge.tsx';

export interface ApprovalCardProps {
  approval: Pick<Approval, 'id' | 'toolName' | 'toolTitle' | 'effect' | 'input' | 'rule' | 'problem'>;
  /** Who asks, and the way to the conversation, where the card stands alone. */
  context?: ReactNode;
}

type Mode = 'ask' | 'no' | 'edit';

export function ApprovalCard({ approval, context }: ApprovalCardProps) {
  const { t } = useTranslation(['run', 'common']);
  const act = useActText();
  const title = useToolTitle()(approval.toolName, approval.toolTitle);
  const titleId = useId();
  const [mode, setMode] = useState<Mode>('ask');
  const [reason, setReason] = useState('');
  const answering = useAnswerApproval();
  const answer = (given: ApprovalAnswer) => answering.mutate({ id: approval.id, answer: given });
  const busy = answering.isPending || answering.isSuccess;
  const why =
    approval.problem !== null
      ? t('approval.why.problem', { problem: approval.problem })
      : approval.rule === 'always'
        ? t('approval.why.always')
        : t('approval.why.rule', { rule: approval.rule });
  return (
    <section
      aria-labelledby={titleId}
      className="my-2 max-w-[72ch] rounded-md border border-needs bg-raised animate-appear"
    >
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-t-md bg-needs-soft px-4 py-2">
        <Hand className="size-4 shrink-0 text-needs" aria-hidden="true" />
        <h3 id={titleId} className="text-sm font-semibold">
          <span className="text-needs">{t('approval.title')}</span> · {title}
        </h3>
        <span className="grow" />
        <EffectBadge effect={approval.effect} />
      </header>
      {/* Said at once by a screen reader, whatever it is reading. */}
      <p role="alert" className="sr-only">
        {t('announce.approval', { title })}
      </p>
      <div className="flex flex-col gap-3 px-4 py-3">
        {context}
        <p className="text-base">{act({ toolName: approval.toolName, title, input: approval.input })}</p>
        <div>
          <p className="mb-1 text-xs text-quiet">{t('approval.exact')}</p>
          {mode === 'edit' ? (
            <EditArguments
              approval={approval}
              busy={busy}
              onYes={(input) => answer({ decision: 'yes', input })}
              onCancel={() => setMode('ask')}
            />
          ) : (
            <ArgumentsList input={approval.input} />
          )}
        </div>
        <p className="text-xs text-quiet">
          {t(`effect.${approval.effect}_hint`)} {why}
        </p>
        {answering.error ? <ErrorState error={answering.error} /> : null}
        {mode === 'ask' ? (
          <div className="flex flex-wrap gap-2">
            <Button look="primary" busy={busy} onClick={() => answer({ decision: 'yes' })}>
              {t('approval.yes_long')}
            </Button>
            <Button disabled={busy} onClick={() => setMode('no')}>
              {t('approval.no')}
            </Button>
            <Button look="quiet" disabled={busy} onClick={() => setMode('edit')}>
              {t('approval.edit')}
            </Button>
          </div>
        ) : null}
        {mode === 'no' ? (
          <form
            className="flex flex-col gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              answer({ decision: 'no', ...(reason.trim() === '' ? {} : { reason: reason.trim() }) });
            }}
          >
            <Field label={t('approval.reason')} hint={t('approval.reason_hint')}>
              {(control) => (
                <Textarea
                  {...control}
                  autoFocus
                  maxLength={2000}
                  className="min-h-14"
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                />
              )}
            </Field>
            <div className="flex gap-2">
              <Button look="danger" type="submit" busy={busy}>
                {t('approval.say_no')}
              </Button>
              <Button look="quiet" disabled={busy} onClick={() => setMode('ask')}>
                {t('common:back')}
              </Button>
            </div>
          </form>
        ) : null}
      </div>
    </section>
  );
}

interface EditArgumentsProps {
  approval: Pick<Approval, 'toolName' | 'input'>;
  busy: boolean;
  onYes: (input: unknown) => void;
  onCancel: () => void;
}

function EditArguments({ approval, busy, onYes, onCancel }: EditArgumentsProps) {
  const { t } = useTranslation(['run', 'common']);
  const id = useId();
  const [text, setText] = useState(() => JSON.stringify(approval.input ?? {}, null, 2));
  const tool = useTools().data?.tools.find((one) => one.name === approval.toolName);
  const read = readJson(text, tool?.inputSchema);
  return (
    <div className="flex flex-col gap-2">
      <JsonEditor
        id={id}
        label={t('approval.edited_arguments')}
        value={text}
        onChange={setText}
        rows={Math.min(16, Math.max(5, text.split('\n').length + 1))}
        {...(tool ? { schema: tool.inputSchema } : {})}
      />
      <div className="flex gap-2">
        <Button look="primary" disabled={!read.ok} busy={busy} onClick={() => onYes(read.value)}>
          {t('approval.yes_edited')}
        </Button>
        <Button look="quiet" disabled={busy} onClick={onCancel}>
          {t('common:cancel')}
        </Button>
      </div>
    </div>
  );
}
