// Tries the search of a collection: a question, the way of searching, and the passages with the score of each arm.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import Search from 'lucide-react/icons/search';
import SearchX from 'lucide-react/icons/search-x';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Collection } from '../../../../../contracts/knowledge.ts';
import { HitCard } from '../../../components/document/hit-card.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { writePlace } from '../../../lib/knowledge/place.ts';
import { type TracedSearchResult, useKnowledgeSearch } from '../../../lib/knowledge/search.ts';
import { useNoticeText } from '../../../lib/notice-text.ts';
import { type SearchMode, searchModes } from '../search.ts';

const LIMIT = 20;

export function SearchTest({ collection }: { collection: Collection }) {
  const { t } = useTranslation(['knowledge', 'common']);
  const navigate = useNavigate();
  const { q = '', mode = 'hybrid' } = useSearch({ from: '/knowledge/$collectionId' });
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  const search = useKnowledgeSearch({ collectionIds: [collection.id], query: q, mode, limit: LIMIT });
  const ask = (question: string, how: SearchMode) =>
    void navigate({
      to: '/knowledge/$collectionId',
      params: { collectionId: collection.id },
      search: {
        tab: 'search',
        ...(question.trim() === '' ? {} : { q: question.trim() }),
        ...(how === 'hybrid' ? {} : { mode: how }),
      },
      replace: true,
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === q) void search.refetch();
    else ask(text, mode);
  };
  const hits = search.data?.hits;
  return (
    <div className="flex max-w-4xl flex-col gap-4">
      <form onSubmit={submit} className="flex flex-wrap gap-2">
        <Input
          type="search"
          aria-label={t('test.field')}
          placeholder={t('test.placeholder')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="w-full! sm:w-auto! sm:grow"
        />
        <Select<SearchMode>
          label={t('test.mode')}
          className="w-auto! min-w-44 max-sm:grow"
          value={mode}
          onChange={(how) => ask(text, how)}
          options={searchModes.map((value) => ({
            value,
            label: t(`mode.${value}.name`),
            hint: t(`mode.${value}.hint`),
          }))}
        />
        <Button look="primary" type="submit" icon={<Search />} busy={search.isFetching}>
          {t('common:search')}
        </Button>
      </form>
      {search.error ? <ErrorState error={search.error} onRetry={() => void search.refetch()} /> : null}
      {q === '' ? <EmptyState icon={<Search />} title={t('test.empty')} text={t('test.empty_text')} /> : null}
      {search.isFetching && !hits ? (
        <SkeletonRows rows={4} label={t('common:loading')} className="h-28" />
      ) : null}
      {q !== '' && search.data ? <Facts result={search.data} /> : null}
      {q !== '' && hits?.length === 0 ? (
        <EmptyState icon={<SearchX />} title={t('test.none')} text={t('test.none_text')} />
      ) : null}
      {q !== '' && hits && hits.length > 0 ? (
        <ol
          aria-label={t('test.hits')}
          className={search.isPlaceholderData ? 'flex flex-col gap-2 opacity-60' : 'flex flex-col gap-2'}
        >
          {hits.map((hit) => (
            <li key={`${hit.documentId} ${hit.chunkId}`}>
              <Link
                to="/knowledge/$collectionId/$documentId"
                params={{ collectionId: hit.collectionId, documentId: hit.documentId }}
                search={{ at: writePlace(hit) }}
                className="block rounded-md"
              >
                <HitCard hit={hit} number={hit.rank} scores />
              </Link>
            </li>
          ))}
        </ol>
      ) : null}
    </div>
  );
}

/** What the search took, what limited it, and the way to its trace. */
function Facts({ result }: { result: TracedSearchResult }) {
  const { t } = useTranslation('knowledge');
  const notice = useNoticeText();
  const format = useFormat();
  const { embedMs, searchMs, rerankMs } = result.timings;
  const facts = [
    t('test.found', { count: result.hits.length, n: format.whole(result.hits.length) }),
    t('test.search_time', { time: format.duration(searchMs) }),
    embedMs === null ? null : t('test.embed_time', { time: format.duration(embedMs) }),
    rerankMs === null ? null : t('test.rerank_time', { time: format.duration(rerankMs) }),
  ].filter((fact) => fact !== null);
  return (
    <div className="flex flex-col gap-1">
      <p role="status" className="tabular text-xs text-quiet">
        {facts.join(' · ')} ·{' '}
        <Link
          to="/monitor/$traceId"
          params={{ traceId: result.traceId }}
          className="rounded-sm underline decoration-line underline-offset-2 hover:text-ink hover:decoration-current"
        >
          {t('test.trace')}
        </Link>
      </p>
      {(result.notices ?? result.notes.map((message) => ({ message }))).map((note) => (
        <p key={note.message} className="rounded-md bg-needs-soft px-3.5 py-2 text-sm">
          {notice(note)}
        </p>
      ))}
    </div>
  );
}
