// What was found in the documents: one line over the answer, and the passages themselves until its first words are here.
// When the documents hold no answer it says so, calmly.
import Library from 'lucide-react/icons/library';
import SearchX from 'lucide-react/icons/search-x';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../../lib/format.ts';
import { SourceList } from '../sources/source-list.tsx';
import type { PartProps } from './part-view.ts';

/** The others are counted: more cards would push the answer away. */
const SHOWN = 4;

export function SourcesPart({ part, answer }: PartProps<'sources'>) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  const { sources, verdict } = part;
  if (verdict?.inDocuments === false)
    return (
      <p className="mb-2 flex items-center gap-2 text-sm text-quiet">
        <SearchX aria-hidden="true" className="size-4 shrink-0" />
        <span className="font-semibold text-ink">{t('answer.absent')}</span>
      </p>
    );
  const read = sources.filter((source) => source.read);
  const waiting = answer.writing && answer.text === '';
  const first = (read.length > 0 ? read : sources).slice(0, SHOWN);
  // The person had them read all the same.
  const unlikely = verdict !== null && verdict.probability < verdict.threshold;
  const line = [
    t('answer.found', { count: sources.length, n: format.whole(sources.length) }),
    read.length > 0 ? t('answer.reads', { count: read.length, n: format.whole(read.length) }) : null,
  ].filter((piece) => piece !== null);
  return (
    <div className="mb-3 flex max-w-[72ch] flex-col gap-2">
      <p className="flex items-center gap-2 text-sm text-quiet">
        <Library aria-hidden="true" className="size-4 shrink-0" />
        <span className="tabular">{line.join(' · ')}</span>
      </p>
      {unlikely ? (
        <p className="flex items-start gap-2 text-sm text-needs">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          {t('answer.unlikely')}
        </p>
      ) : null}
      {waiting && first.length > 0 ? <SourceList sources={first} label={t('test.hits')} brief /> : null}
    </div>
  );
}
