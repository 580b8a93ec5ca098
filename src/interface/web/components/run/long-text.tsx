// Text that may be long: its beginning, and all of it on demand. Nothing scrolls inside, so the keyboard reaches everything.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../ui/cx.ts';

const LINES = 12;
const CHARACTERS = 900;

export interface LongTextProps {
  text: string;
  mono?: boolean;
  className?: string;
}

export function LongText({ text, mono = true, className }: LongTextProps) {
  const { t } = useTranslation('run');
  const [whole, setWhole] = useState(false);
  const long = text.length > CHARACTERS || text.split('\n', LINES + 1).length > LINES;
  const shown = whole || !long ? text : text.split('\n', LINES).join('\n').slice(0, CHARACTERS);
  return (
    <div className={cx('min-w-0', className)}>
      <pre
        className={cx('break-words whitespace-pre-wrap', mono ? 'font-mono text-xs' : 'font-sans text-sm')}
      >
        {shown}
        {shown === text ? '' : ' …'}
      </pre>
      {long ? (
        <button
          type="button"
          className="mt-1 rounded-sm text-xs text-accent hover:underline"
          onClick={() => setWhole(!whole)}
        >
          {t(whole ? 'tool.show_less' : 'tool.show_all')}
        </button>
      ) : null}
    </div>
  );
}
