// Where a person writes: text, files, model, settings, what it uses of the context; Enter sends, Esc stops.
import { useNavigate } from '@tanstack/react-router';
import {
  type ChangeEvent,
  type KeyboardEvent,
  lazy,
  Suspense,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { MessagePart } from '../../../../../../contracts/conversation.ts';
import { cx } from '../../../../components/ui/cx.ts';
import { toast } from '../../../../components/ui/toast.tsx';
import { Tooltip } from '../../../../components/ui/tooltip.tsx';
import { type PickedFile, pickedFrom } from '../../../../lib/knowledge/picked-files.ts';
import { findModel, useModels } from '../../../../lib/queries.ts';
import { useFileDrop } from '../../../../lib/use-file-drop.ts';
import { type Attachment, partsToSend } from '../../lib/attachments.ts';
import type { ChatSettings } from '../../lib/conversation-settings.ts';
import { keepDraft } from '../../lib/drafts.ts';
import { FileChip } from '../file-chip.tsx';
import { AssistantChips } from './assistant-chips.tsx';
import { ComposerBar } from './composer-bar.tsx';
import { ComposerNotices } from './composer-notices.tsx';
import { IntakeChips } from './intake-chips.tsx';
import { KnowledgeChips } from './knowledge-chips.tsx';
import type { Mention } from './mention-list.tsx';
import { useAttach } from './use-attach.ts';
import { useAutosize } from './use-autosize.ts';
import { useContextCount } from './use-context-count.ts';
import { useDraft } from './use-draft.ts';
import { useHeld } from './use-held.ts';
import { useIntake } from './use-intake.ts';
import { useMention } from './use-mention.ts';
import { useSending } from './use-sending.ts';

const PromptPicker = lazy(async () => ({
  default: (await import('../../../../components/prompts/prompt-picker.tsx')).PromptPicker,
}));

/** The field of the page's one composer, for whoever gives the focus back to it. */
export const COMPOSER_ID = 'composer';

/** An attached text as the file that it was. */
function fileOf({ name, mediaType, text }: Attachment): PickedFile {
  return { path: name, file: new File([text], name, { type: mediaType }) };
}

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
  const { t } = useTranslation(['chat', 'knowledge']);
  const navigate = useNavigate();
  const { draft, setDraft, put, clear } = useDraft(conversationId);
  const onKnowledge = (chosen: string[]) => onSettings({ knowledge: chosen });
  const intake = useIntake({ draft, setDraft, knowledge: settings.knowledge, onKnowledge });
  const { refusals, setRefusals, sorting, attach, detach } = useAttach(
    setDraft,
    (picked) => void intake.take(picked),
  );
  /** `at`: the @ that opened it, which goes when something is chosen. */
  const [picker, setPicker] = useState<{ at: number | null } | null>(null);
  /** A / at the very beginning offers the prompts and the apps of the house. */
  const [prompting, setPrompting] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, attachments } = draft;
  const { model, system, knowledge, agent, tools } = settings;
  const input = useMemo(
    () => ({
      conversationId,
      parts: partsToSend(text, attachments),
      model,
      system,
      knowledge,
      agent,
      tools,
    }),
    [conversationId, text, attachments, model, system, knowledge, agent, tools],
  );
  const known = findModel(useModels().data, model) !== undefined;
  const count = useContextCount(input, known);
  const dropping = useFileDrop((dropped) => {
    attach(dropped).catch(() =>
      toast({
        title: t('knowledge:add.unreadable'),
        detail: t('knowledge:add.unreadable_text'),
        tone: 'failed',
      }),
    );
  });
  const { sending, failure, waiting, send } = useSending({ input, count, running, onSend, onSent: clear });

  useAutosize(area, text);
  useEffect(() => {
    // A phone would open its keyboard over the page.
    if (matchMedia('(hover: hover)').matches) area.current?.focus();
  }, []);

  const sendNow = async () => {
    await send();
    area.current?.focus();
  };
  const working = intake.working || sorting;
  const held = useHeld({ working, failed: intake.failed, send: () => void sendNow() });
  const submit = async () => {
    setRefusals([]);
    if (working && input.parts.length > 0 && !running) held.hold();
    else await sendNow();
  };
  const onText = (event: ChangeEvent<HTMLTextAreaElement>) => {
    const { value, selectionStart } = event.target;
    setDraft({ ...draft, text: value });
    if (text === '' && value === '/') setPrompting(true);
    const before = value[selectionStart - 2];
    const begins = before === undefined || /\s/.test(before);
    if (value.length === text.length + 1 && value[selectionStart - 1] === '@' && begins)
      setPicker({ at: selectionStart - 1 });
  };
  const mention = useMention({ settings, onSettings, setDraft, setRefusals });
  const choose = (at: number, chosen: Mention) => {
    setDraft((now) =>
      now.text[at] === '@' ? { ...now, text: now.text.slice(0, at) + now.text.slice(at + 1) } : now,
    );
    setPicker(null);
    void mention(chosen);
    setTimeout(() => area.current?.focus());
  };
  const at = picker?.at ?? null;
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
        held={held.isHeld ? { sendNow: held.sendNow, cancel: held.cancel } : null}
        intakeFailure={intake.failure}
        {...(conversationId === null ? {} : { onNewChat: () => keepDraft(sessionStorage, null, draft) })}
        onDismissRefusals={() => setRefusals([])}
        onDismissIntake={intake.forget}
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
        {settings.agent !== null || settings.tools.length > 0 ? (
          <AssistantChips agent={settings.agent} tools={settings.tools} onChange={onSettings} />
        ) : null}
        {settings.knowledge.length > 0 ? (
          <KnowledgeChips chosen={settings.knowledge} onChange={onKnowledge} />
        ) : null}
        {attachments.length + intake.followed.length + intake.arriving.length > 0 ? (
          <ul aria-label={t('attach.list')} className="flex flex-wrap items-center gap-2 px-3 pt-3">
            <IntakeChips arriving={intake.arriving} followed={intake.followed} onDismiss={intake.dismiss} />
            {attachments.map((file) => (
              <li key={file.id}>
                <FileChip name={file.name} size={file.size} onRemove={() => detach(file.id)} />
              </li>
            ))}
            {attachments.length > 0 ? (
              <li>
                <Tooltip text={t('knowledge:chat.add_instead_hint')}>
                  <button
                    type="button"
                    className="rounded-sm text-xs text-quiet underline decoration-line underline-offset-2 hover:text-ink"
                    onClick={() => {
                      void intake.take(attachments.map(fileOf));
                      setDraft((now) => ({ ...now, attachments: [] }));
                    }}
                  >
                    {t('knowledge:chat.add_instead')}
                  </button>
                </Tooltip>
              </li>
            ) : null}
          </ul>
        ) : null}
        <textarea
          ref={area}
          id={COMPOSER_ID}
          rows={tall ? 3 : 1}
          value={text}
          aria-label={t('composer.label')}
          placeholder={t('composer.placeholder')}
          onChange={onText}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const pasted = [...event.clipboardData.files];
            if (pasted.length === 0) return;
            event.preventDefault();
            void attach(pickedFrom(pasted));
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
          picking={picker !== null}
          onPicking={(open) => {
            setPicker(open ? { at: null } : null);
            if (!open) setTimeout(() => area.current?.focus());
          }}
          onKnowledge={onKnowledge}
          onMention={at === null ? null : (chosen) => choose(at, chosen)}
          onAttach={(chosen) => void attach(pickedFrom(chosen))}
          onStop={onStop}
        />
        {dropping ? (
          <div className="pointer-events-none absolute inset-0 flex items-center justify-center rounded-md bg-accent-soft text-sm font-semibold text-accent">
            {t('attach.drop')}
          </div>
        ) : null}
      </form>
      {prompting ? (
        <Suspense fallback={null}>
          <PromptPicker
            onChoose={(chosen) => {
              setDraft({ ...draft, text: chosen.text });
              if (chosen.system !== null) onSettings({ system: chosen.system });
              setPrompting(false);
              setTimeout(() => area.current?.focus());
            }}
            onApp={(name) => {
              put({ ...draft, text: '' });
              setPrompting(false);
              void navigate({ to: '/apps/$name', params: { name } });
            }}
            onClose={() => setPrompting(false)}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
