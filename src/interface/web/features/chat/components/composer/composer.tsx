// Where a person writes: text, files, model, settings, what it uses of the context; Enter sends, Esc stops.
import ArrowUp from 'lucide-react/icons/arrow-up';
import Paperclip from 'lucide-react/icons/paperclip';
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal';
import Square from 'lucide-react/icons/square';
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessagePart } from '../../../../../../contracts/conversation.ts';
import { AtelierError } from '../../../../../../contracts/errors.ts';
import { cx } from '../../../../components/ui/cx.ts';
import { IconButton } from '../../../../components/ui/icon-button.tsx';
import { findModel, useModels } from '../../../../lib/queries.ts';
import { partsToSend } from '../../lib/attachments.ts';
import type { ChatSettings } from '../../lib/conversation-settings.ts';
import { keepDraft } from '../../lib/drafts.ts';
import { changedCount } from '../../lib/presets.ts';
import { FileChip } from '../file-chip.tsx';
import { ComposerNotices } from './composer-notices.tsx';
import { ContextMeter } from './context-meter.tsx';
import { ModelPicker } from './model-picker.tsx';
import { useAttach } from './use-attach.ts';
import { useContextCount } from './use-context-count.ts';
import { useDraft } from './use-draft.ts';
import { useFileDrop } from './use-file-drop.ts';

const SettingsDialog = lazy(async () => ({
  default: (await import('./settings-dialog.tsx')).SettingsDialog,
}));

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
  /** Stands above the text. */
  children?: ReactNode;
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
  children,
  tall = false,
}: ComposerProps) {
  const { t } = useTranslation(['chat', 'common']);
  const { draft, setDraft, clear } = useDraft(conversationId);
  const { refusals, setRefusals, attach, detach } = useAttach(setDraft);
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [waiting, setWaiting] = useState(false);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const known = findModel(useModels().data, settings.model) !== undefined;
  const count = useContextCount(conversationId, settings, draft, known);
  const dropping = useFileDrop((dropped) => void attach(dropped));
  const parts = partsToSend(draft.text, draft.attachments);
  const tooLong = count?.tokens != null && count.contextLength !== null && count.tokens > count.contextLength;

  useAutosize(area, draft.text);
  useEffect(() => {
    if (!running) setWaiting(false);
  }, [running]);
  useEffect(() => {
    // A phone would open its keyboard over the page.
    if (matchMedia('(hover: hover)').matches) area.current?.focus();
  }, []);

  const send = async () => {
    if (parts.length === 0 || sending) return;
    if (running) return setWaiting(true);
    if (tooLong) {
      setFailure(
        new AtelierError('context_overflow', 'The message does not fit into the context of the model.', {
          data: { promptTokens: count.tokens, contextLength: count.contextLength },
        }),
      );
      return;
    }
    setSending(true);
    setFailure(null);
    setRefusals([]);
    try {
      await onSend(parts);
      clear();
    } catch (error) {
      setFailure(error);
    } finally {
      setSending(false);
      area.current?.focus();
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, Enter and the arrows are its own.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void send();
    } else if (event.key === 'ArrowUp' && draft.text === '' && onEditLast && !running) {
      event.preventDefault();
      onEditLast();
    }
  };

  const changed = changedCount(settings.parameters) + (settings.system === '' ? 0 : 1);
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
          void send();
        }}
        className={cx(
          'relative flex flex-col rounded-md border bg-raised',
          dropping
            ? 'border-accent'
            : 'border-control focus-within:border-accent focus-within:ring-1 focus-within:ring-accent',
        )}
      >
        {children}
        {draft.attachments.length > 0 ? (
          <ul aria-label={t('attach.list')} className="flex flex-wrap gap-2 px-3 pt-3">
            {draft.attachments.map((file) => (
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
          value={draft.text}
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
        <div className="flex items-center gap-0.5 p-1.5">
          <IconButton
            label={t('attach.button')}
            icon={<Paperclip />}
            className="size-8"
            onClick={() => files.current?.click()}
          />
          <input
            ref={files}
            type="file"
            multiple
            hidden
            aria-label={t('attach.button')}
            onChange={(event) => {
              void attach([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
          <IconButton
            label={changed === 0 ? t('settings.title') : t('settings.changed', { count: changed })}
            icon={<SlidersHorizontal className={changed === 0 ? '' : 'text-accent'} />}
            className="size-8"
            onClick={() => setSettingsOpen(true)}
          />
          <ModelPicker model={settings.model} onChange={(model) => onSettings({ model })} />
          <span className="grow" />
          <ContextMeter count={count} />
          {running ? (
            <IconButton
              label={t('composer.stop')}
              icon={<Square className="fill-current" />}
              look="primary"
              className="ml-1 size-8"
              onClick={onStop}
            />
          ) : (
            <IconButton
              label={t('common:send')}
              icon={<ArrowUp />}
              look="primary"
              type="submit"
              className="ml-1 size-8"
              disabled={parts.length === 0 || sending}
              aria-busy={sending}
            />
          )}
        </div>
        {dropping ? (
          <div className="pointer-events-none absolute inset-0 flex items-center justify-center rounded-md bg-accent-soft text-sm font-semibold text-accent">
            {t('attach.drop')}
          </div>
        ) : null}
      </form>
      {settingsOpen ? (
        <Suspense fallback={null}>
          <SettingsDialog settings={settings} onApply={onSettings} onClose={() => setSettingsOpen(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}

/** Grows with its text where the browser's own way (field-sizing) is missing too. */
function useAutosize(area: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [area, text]);
}
