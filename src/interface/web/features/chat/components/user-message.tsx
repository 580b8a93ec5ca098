// What a person said: a quiet bubble. Editing makes a branch, so nothing is overwritten.
import Pencil from 'lucide-react/icons/pencil';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message, MessagePart } from '../../../../../contracts/conversation.ts';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import type { Siblings } from '../lib/message-tree.ts';
import { textOf } from '../lib/run-state.ts';
import { BranchSwitcher } from './branch-switcher.tsx';
import { CopyButton } from './copy-button.tsx';
import { FileChip } from './file-chip.tsx';
import { MessageEditor } from './message-editor.tsx';

/** Longer messages are folded, so that a pasted file does not push the answer away. */
const FOLD_LENGTH = 2_000;

export interface UserMessageProps {
  message: Message;
  siblings: Siblings;
  busy: boolean;
  editing: boolean;
  onEdit: (messageId: string | null) => void;
  onSend: (message: Message, parts: MessagePart[]) => Promise<void>;
  onSwitch: (messageId: string) => void;
}

export const UserMessage = memo(function UserMessage({
  message,
  siblings,
  busy,
  editing,
  onEdit,
  onSend,
  onSwitch,
}: UserMessageProps) {
  const { t } = useTranslation('chat');
  const [unfolded, setUnfolded] = useState(false);
  const text = textOf(message.parts);
  const files = message.parts.filter((part) => part.type === 'file');
  const folded = text.length > FOLD_LENGTH && !unfolded;
  if (editing)
    return (
      <MessageEditor
        parts={message.parts}
        onCancel={() => onEdit(null)}
        onSend={(parts) => onSend(message, parts)}
      />
    );
  return (
    <article aria-label={t('message.yours')} className="group flex flex-col items-end gap-1">
      <div className="flex max-w-[85%] flex-col gap-2 rounded-md bg-sunken px-4 py-2.5 text-base">
        {files.length > 0 ? (
          <ul aria-label={t('attach.list')} className="flex flex-wrap gap-2">
            {files.map((file, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the files of a message never change
              <li key={index} className="min-w-0">
                <FileChip name={file.name} size={new Blob([file.text]).size} />
              </li>
            ))}
          </ul>
        ) : null}
        {text === '' ? null : (
          <p className="break-words whitespace-pre-wrap">
            {folded ? `${text.slice(0, FOLD_LENGTH)}…` : text}
          </p>
        )}
        {text.length > FOLD_LENGTH ? (
          <button
            type="button"
            className="self-start rounded-sm text-sm text-accent hover:underline"
            onClick={() => setUnfolded(!unfolded)}
          >
            {t(folded ? 'message.unfold' : 'message.fold')}
          </button>
        ) : null}
      </div>
      <div className="flex h-7 items-center gap-0.5">
        <span className="message-actions flex">
          <CopyButton text={text} label={t('action.copy')} />
          <IconButton
            label={t('action.edit')}
            icon={<Pencil />}
            size="small"
            disabled={busy}
            onClick={() => onEdit(message.id)}
          />
        </span>
        <BranchSwitcher siblings={siblings} disabled={busy} onSwitch={onSwitch} />
      </div>
    </article>
  );
});
