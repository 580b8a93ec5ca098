// A found passage: its number, where it stands, its text, and on demand its scores.
import { useTranslation } from 'react-i18next';
import type { SearchHit } from '../../../../contracts/knowledge.ts';
import { useFormat } from '../../lib/format.ts';
import { cx } from '../ui/cx.ts';
import { flowingText } from './flowing-text.ts';
import { HitScores } from './hit-scores.tsx';

export interface HitCardProps {
  hit: SearchHit;
  number: number;
  scores?: boolean;
  /** Two lines of its text instead of six. */
  brief?: boolean;
  /** It was found and not given to the model. */
  pale?: boolean;
}

/** Where a passage stands: the headings above it and its page. */
export function usePassagePlace(): (hit: SearchHit) => string {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  return (hit) =>
    [
      // The context begins with the title, which stands above it.
      hit.context.startsWith(hit.title)
        ? hit.context.slice(hit.title.length).replace(/^[\s›>·|:–-]+/, '')
        : hit.context,
      hit.page === null
        ? ''
        : hit.lastPage === null || hit.lastPage === hit.page
          ? t('page_number', { page: format.whole(hit.page) })
          : t('page_numbers', { from: format.whole(hit.page), to: format.whole(hit.lastPage) }),
    ]
      .filter((part) => part !== '')
      .join(' · ');
}

/** Its words without the headings that stand in the line above, as running text. */
function excerptOf({ text, title, context }: SearchHit): string {
  const lines = text.split(/\n+/);
  while (lines.length > 1 && lines[0] && (lines[0] === title || context.includes(lines[0]))) lines.shift();
  return lines.join(' ');
}

export function HitCard({ hit, number, scores = false, brief = false, pale = false }: HitCardProps) {
  const format = useFormat();
  const place = usePassagePlace()(hit);
  const title = (
    <span className="font-semibold" title={hit.path}>
      {hit.title}
    </span>
  );
  return (
    <div
      className={cx(
        'flex gap-3 rounded-md border border-line px-3.5 py-2.5 text-left transition-colors duration-100 hover:border-control',
        pale ? 'bg-transparent' : 'bg-raised',
      )}
    >
      <span
        aria-hidden="true"
        className={cx(
          'tabular mt-0.5 inline-flex h-5 min-w-5 shrink-0 items-center justify-center rounded-sm px-1 text-xs',
          pale ? 'bg-sunken text-quiet' : 'bg-accent-soft text-accent',
        )}
      >
        {format.whole(number)}
      </span>
      <div className="flex min-w-0 grow flex-col gap-0.5">
        <p className="truncate text-sm">
          {title}
          {brief && place !== '' ? <span className="text-xs text-quiet"> · {place}</span> : null}
        </p>
        {brief || place === '' ? null : <p className="truncate text-xs text-quiet">{place}</p>}
        {hit.header === null || brief ? null : (
          <p className="truncate font-mono text-xs text-quiet">{hit.header}</p>
        )}
        <p
          className={cx(
            'text-sm break-words whitespace-pre-line',
            brief ? 'line-clamp-2 text-quiet' : 'line-clamp-6',
          )}
        >
          {brief ? excerptOf(hit) : flowingText(hit.text, hit.kind)}
        </p>
        {scores ? (
          <div className="mt-1">
            <HitScores hit={hit} />
          </div>
        ) : null}
      </div>
    </div>
  );
}
