// The passages of a document as the search sees them; with a question, how well each one answers it.
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Chunk } from '../../../../contracts/chunk.ts';
import type { KnowledgeDocument, SearchHit } from '../../../../contracts/knowledge.ts';
import { useFormat } from '../../lib/format.ts';
import { usePassages } from '../../lib/knowledge/documents.ts';
import type { TextRange } from '../../lib/knowledge/place.ts';
import { useKnowledgeSearch } from '../../lib/knowledge/search.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { Input } from '../ui/input.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { HitScores } from './hit-scores.tsx';

export interface PassagesViewProps {
  document: KnowledgeDocument;
  range: TextRange | null;
  onOpen: (range: TextRange) => void;
}

const LIMIT = 100;

export function PassagesView({ document, range, onOpen }: PassagesViewProps) {
  const { t } = useTranslation(['knowledge', 'common']);
  const [typed, setTyped] = useState('');
  const [question, setQuestion] = useState('');
  const passages = usePassages(document.id);
  const search = useKnowledgeSearch({
    collectionIds: [document.collectionId],
    documentIds: [document.id],
    query: question,
    limit: LIMIT,
  });
  const hits = useMemo(
    () => (question === '' ? null : new Map(search.data?.hits.map((hit) => [hit.chunkId, hit]))),
    [question, search.data],
  );
  const rows = useMemo(() => ranked(passages.data ?? [], hits), [passages.data, hits]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setQuestion(typed.trim());
  };
  return (
    <div className="mx-auto flex max-w-[72ch] flex-col gap-3 px-4 py-4 md:px-6">
      <form onSubmit={submit} className="flex gap-2">
        <Input
          type="search"
          aria-label={t('viewer.score_for')}
          placeholder={t('viewer.score_for')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" busy={search.isFetching}>
          {t('viewer.score')}
        </Button>
      </form>
      {search.error ? <ErrorState error={search.error} /> : null}
      {passages.isPending ? <SkeletonRows rows={5} label={t('common:loading')} className="h-20" /> : null}
      {passages.error ? <ErrorState error={passages.error} onRetry={() => void passages.refetch()} /> : null}
      {passages.data?.length === 0 ? (
        <p className="py-8 text-center text-sm text-quiet">{t('viewer.no_passages')}</p>
      ) : null}
      <ol className="flex flex-col gap-2">
        {rows.map(({ chunk, number, hit }) => (
          <Passage
            key={chunk.id}
            chunk={chunk}
            number={number}
            hit={hit}
            current={range !== null && chunk.start < range.end && chunk.end > range.start}
            onOpen={onOpen}
          />
        ))}
      </ol>
    </div>
  );
}

interface Row {
  chunk: Chunk;
  /** Place in the document, from 1. */
  number: number;
  hit: SearchHit | null;
}

/** In the order of the document, or, with a question, the best first and then what was not found. */
function ranked(passages: readonly Chunk[], hits: ReadonlyMap<string, SearchHit> | null): Row[] {
  const rows = passages.map((chunk, index) => ({
    chunk,
    number: index + 1,
    hit: hits?.get(chunk.id) ?? null,
  }));
  if (!hits) return rows;
  return rows.sort(
    (a, b) =>
      (a.hit?.rank ?? Number.POSITIVE_INFINITY) - (b.hit?.rank ?? Number.POSITIVE_INFINITY) ||
      a.number - b.number,
  );
}

interface PassageProps extends Row {
  current: boolean;
  onOpen: (range: TextRange) => void;
}

function Passage({ chunk, number, hit, current, onOpen }: PassageProps) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  const facts = [
    t('viewer.passage', { number: format.whole(number) }),
    chunk.page === null ? null : t('page_number', { page: format.whole(chunk.page) }),
    t('viewer.tokens', { count: chunk.tokens, tokens: format.whole(chunk.tokens) }),
  ].filter((fact) => fact !== null);
  return (
    <li className="[contain-intrinsic-size:auto_8rem] [content-visibility:auto]">
      <button
        type="button"
        aria-current={current ? 'location' : undefined}
        onClick={() => onOpen(chunk)}
        className={cx(
          'flex w-full flex-col gap-1 rounded-md border px-3.5 py-2.5 text-left hover:bg-sunken',
          current ? 'border-accent' : 'border-line',
        )}
      >
        <span className="tabular text-xs text-quiet">{facts.join(' · ')}</span>
        {chunk.header === null ? null : (
          <span className="truncate font-mono text-xs text-quiet">{chunk.header}</span>
        )}
        <span className="line-clamp-6 text-sm break-words whitespace-pre-wrap">
          {chunk.text.replace(/\n{2,}/g, '\n')}
        </span>
        {hit ? <HitScores hit={hit} /> : null}
      </button>
    </li>
  );
}
