// A title that is being changed: Enter keeps it, Esc leaves it, going away keeps it.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

const MAX_LENGTH = 200;

export function TitleField({ title, onDone }: { title: string; onDone: (title: string | null) => void }) {
  const { t } = useTranslation('chat');
  const [text, setText] = useState(title);
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => field.current?.select(), []);
  const finish = (kept: boolean) => {
    if (done.current) return;
    done.current = true;
    const next = text.trim();
    onDone(kept && next !== '' && next !== title ? next : null);
  };
  return (
    <input
      ref={field}
      // biome-ignore lint/a11y/noAutofocus: the person just asked to type here
      autoFocus
      aria-label={t('title_label')}
      value={text}
      maxLength={MAX_LENGTH}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') finish(true);
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          finish(false);
        }
      }}
      className="w-full min-w-0 rounded-sm border border-accent bg-raised px-1.5 py-0.5 text-sm font-normal outline-none ring-1 ring-accent"
    />
  );
}
