// A message that is being written anew: Enter sends it as a branch, Esc leaves it as it was.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessagePart } from '../../../../../contracts/conversation.ts';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { textOf } from '../lib/run-state.ts';
import { useAutosize } from './composer/use-autosize.ts';
import { FileChip } from './file-chip.tsx';

export interface MessageEditorProps {
  parts: MessagePart[];
  onCancel: () => void;
  onSend: (parts: MessagePart[]) => Promise<void>;
}

export function MessageEditor({ parts, onCancel, onSend }: MessageEditorProps) {
  const { t } = useTranslation(['chat', 'common']);
  const [text, setText] = useState(() => textOf(parts));
  const [files, setFiles] = useState(() => parts.filter((part) => part.type === 'file'));
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const empty = text.trim() === '' && files.length === 0;

  useEffect(() => {
    const element = area.current;
    if (!element) return;
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
  }, []);
  useAutosize(area, text);

  const send = async () => {
    if (empty || sending) return;
    setSending(true);
    setFailure(null);
    try {
      await onSend(text.trim() === '' ? files : [...files, { type: 'text', text }]);
    } catch (error) {
      setFailure(error);
      setSending(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    }
  };
  return (
    <form
      aria-label={t('action.edit')}
      className="mb-4 flex flex-col gap-2 rounded-md border border-accent bg-raised p-2 ring-1 ring-accent"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {files.length > 0 ? (
        <ul aria-label={t('attach.list')} className="flex flex-wrap gap-2 p-1">
          {files.map((file) => (
            <li key={file.name}>
              <FileChip
                name={file.name}
                size={new Blob([file.text]).size}
                onRemove={() => setFiles(files.filter((other) => other !== file))}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <textarea
        ref={area}
        rows={1}
        aria-label={t('message.edit_label')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="max-h-[50dvh] w-full resize-none bg-transparent px-2 py-1 text-base outline-none"
      />
      {failure ? <ErrorState error={failure} /> : null}
      <div className="flex items-center justify-end gap-2">
        <p className="mr-auto px-2 text-xs text-quiet">{t('message.edit_hint')}</p>
        <Button size="small" onClick={onCancel}>
          {t('common:cancel')}
        </Button>
        <Button size="small" look="primary" type="submit" busy={sending} disabled={empty}>
          {t('common:send')}
        </Button>
      </div>
    </form>
  );
}
