// Where a person writes: text, files, model, settings, what it uses of the context; Enter sends, Esc stops.
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessagePart } from '../../../../../../contracts/conversation.ts';
import { cx } from '../../../../components/ui/cx.ts';
import { findModel, useModels } from '../../../../lib/queries.ts';
import { useFileDrop } from '../../../../lib/use-file-drop.ts';
import { partsToSend } from '../../lib/attachments.ts';
import type { ChatSettings } from '../../lib/conversation-settings.ts';
import { keepDraft } from '../../lib/drafts.ts';
import { FileChip } from '../file-chip.tsx';
import { ComposerBar } from './composer-bar.tsx';
import { ComposerNotices } from './composer-notices.tsx';
import { useAttach } from './use-attach.ts';
import { useAutosize } from './use-autosize.ts';
import { useContextCount } from './use-context-count.ts';
import { useDraft } from './use-draft.ts';
import { useSending } from './use-sending.ts';

/** The field of the page's one composer, for whoever gives the focus back to it. */
export const COMPOSER_ID = 'composer';

export interface ComposerProps {
  /** null: the conversation begins with this message. */
  conversationId: string | null;
  settings: ChatSettings;
  onSettings: (change: Partial<ChatSettings>) => void;
  /** An answer is being written: a message can be typed and not sent. */
  running: boolean;
  onStop: () => void;
  /** Rejects when the message was not taken; the text then stays. */
  onSend: (parts: MessagePart[]) => Promise<void>;
  onEditLast?: () => void;
  tall?: boolean;
}

export function Composer({
  conversationId,
  settings,
  onSettings,
  running,
  onStop,
  onSend,
  onEditLast,
  tall = false,
}: ComposerProps) {
  const { t } = useTranslation('chat');
  const { draft, setDraft, clear } = useDraft(conversationId);
  const { refusals, setRefusals, attach, detach } = useAttach(setDraft);
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, attachments } = draft;
  const { model, system } = settings;
  const input = useMemo(
    () => ({ conversationId, parts: partsToSend(text, attachments), model, system }),
    [conversationId, text, attachments, model, system],
  );
  const known = findModel(useModels().data, model) !== undefined;
  const count = useContextCount(input, known);
  const dropping = useFileDrop(
    (dropped) => void dropped.then((picked) => attach(picked.map(({ file }) => file))),
  );
  const { sending, failure, waiting, send } = useSending({ input, count, running, onSend, onSent: clear });

  useAutosize(area, text);
  useEffect(() => {
    // A phone would open its keyboard over the page.
    if (matchMedia('(hover: hover)').matches) area.current?.focus();
  }, []);

  const submit = async () => {
    setRefusals([]);
    await send();
    area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, Enter and the arrows are its own.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'ArrowUp' && text === '' && onEditLast && !running) {
      event.preventDefault();
      onEditLast();
    }
  };

  return (
    <div className="flex flex-col gap-2">
      <ComposerNotices
        refusals={refusals}
        failure={failure}
        waiting={waiting}
        {...(conversationId === null ? {} : { onNewChat: () => keepDraft(sessionStorage, null, draft) })}
        onDismissRefusals={() => setRefusals([])}
      />
      <form
        aria-label={t('composer.form')}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className={cx(
          'relative flex flex-col rounded-md border bg-raised',
          dropping
            ? 'border-accent'
            : 'border-control focus-within:border-accent focus-within:ring-1 focus-within:ring-accent',
        )}
      >
        {attachments.length > 0 ? (
          <ul aria-label={t('attach.list')} className="flex flex-wrap gap-2 px-3 pt-3">
            {attachments.map((file) => (
              <li key={file.id}>
                <FileChip name={file.name} size={file.size} onRemove={() => detach(file.id)} />
              </li>
            ))}
          </ul>
        ) : null}
        <textarea
          ref={area}
          id={COMPOSER_ID}
          rows={tall ? 3 : 1}
          value={text}
          aria-label={t('composer.label')}
          placeholder={t('composer.placeholder')}
          onChange={(event) => setDraft({ ...draft, text: event.target.value })}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const pasted = [...event.clipboardData.files];
            if (pasted.length === 0) return;
            event.preventDefault();
            void attach(pasted);
          }}
          className="max-h-[40dvh] w-full resize-none bg-transparent px-3.5 pt-3 pb-1 text-base outline-none"
        />
        <ComposerBar
          settings={settings}
          onSettings={onSettings}
          count={count}
          running={running}
          sending={sending}
          empty={input.parts.length === 0}
          onAttach={(chosen) => void attach(chosen)}
          onStop={onStop}
        />
        {dropping ? (
          <div className="pointer-events-none absolute inset-0 flex items-center justify-center rounded-md bg-accent-soft text-sm font-semibold text-accent">
            {t('attach.drop')}
          </div>
        ) : null}
      </form>
    </div>
  );
}
