// What a training said of itself, newest first.
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../lib/format.ts';
import type { Series } from '../lib/series.ts';
import { useStatusWord } from './status-line.tsx';

const known = ['resumed', 'sample_failed', 'checkpoint_damaged', 'best_damaged', 'teacher_left_out'] as const;

export function RunNotes({ notes }: { notes: Series['notes'] }) {
  const { t } = useTranslation('training');
  const format = useFormat();
  const word = useStatusWord();
  const noteWord = (code: string) => {
    const one = known.find((name) => name === code);
    return one ? t(`note.${one}`) : null;
  };
  if (notes.length === 0) return <p className="text-sm text-quiet">{t('notes.none')}</p>;
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t('notes.title')}
      className="max-h-72 overflow-y-auto rounded-md border border-line bg-raised text-sm"
    >
      <ol>
        {notes.toReversed().map(({ at, note }, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a note is known by its place
            key={index}
            className="flex flex-wrap gap-x-3 border-b border-line px-3 py-1.5 last:border-b-0"
          >
            <span className="tabular text-xs leading-5 text-quiet">{format.stamp(at)}</span>
            <span className="tabular w-20 text-xs leading-5 text-quiet">
              {t('chart.at_step', { step: format.whole(note.step) })}
            </span>
            <span className="min-w-0 grow basis-60 break-words">
              {note.type === 'status' ? (
                word(note.status)
              ) : (
                <>
                  {noteWord(note.code)}
                  <span className="block text-xs text-quiet">{note.message}</span>
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
