// What a search found: the passages in their order, with the scores that put them there and the way into the document.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { SearchHit } from '../../../../../contracts/knowledge.ts';
import type { Span } from '../../../../../contracts/span.ts';
import { LongText } from '../../../components/run/long-text.tsx';
import { Tooltip } from '../../../components/ui/tooltip.tsx';
import { useFormat } from '../../../lib/format.ts';
import { writePlace } from '../../../lib/knowledge/place.ts';
import { readRetrieval } from '../lib/read-span.ts';

export function Passages({ span }: { span: Span }) {
  const { t } = useTranslation('monitor');
  const { query, mode, hits } = readRetrieval(span);
  return (
    <div className="flex flex-col gap-4">
      {query === '' ? null : (
        <div>
          <h3 className="text-xs text-quiet">{t('retrieval.query')}</h3>
          <p className="max-w-[72ch] text-base break-words">{query}</p>
        </div>
      )}
      <p className="text-sm text-quiet">
        {hits.length === 0 ? t('retrieval.none') : t('retrieval.found', { count: hits.length })}
        {mode ? ` · ${t('retrieval.mode')} ${t(`retrieval.modes.${mode}`)}` : ''}
      </p>
      <ol className="flex flex-col gap-3">
        {hits.map((hit) => (
          <Passage key={`${hit.documentId} ${hit.chunkId}`} hit={hit} />
        ))}
      </ol>
    </div>
  );
}

function Passage({ hit }: { hit: SearchHit }) {
  const { t } = useTranslation('monitor');
  const format = useFormat();
  const page =
    hit.page === null
      ? null
      : hit.lastPage !== null && hit.lastPage !== hit.page
        ? t('retrieval.pages', { from: hit.page, to: hit.lastPage })
        : t('retrieval.page', { n: hit.page });
  const scores: [string, string][] = [
    [t('retrieval.score', { value: format.decimal(hit.score, 3) }), t('retrieval.score_hint')],
    ...(hit.scores.lexical === null
      ? []
      : ([
          [
            t('retrieval.lexical', { value: format.decimal(hit.scores.lexical, 1) }),
            t('retrieval.lexical_hint'),
          ],
        ] as [string, string][])),
    ...(hit.scores.vector === null
      ? []
      : ([
          [
            t('retrieval.vector', { value: format.decimal(hit.scores.vector, 3) }),
            t('retrieval.vector_hint'),
          ],
        ] as [string, string][])),
    ...(hit.scores.rerank === null
      ? []
      : ([[t('retrieval.rerank', { value: format.decimal(hit.scores.rerank, 3) }), '']] as [
          string,
          string,
        ][])),
  ];
  return (
    <li className="max-w-[80ch] rounded-md border border-line bg-raised px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <span className="tabular text-quiet">{hit.rank}.</span>
        <Link
          to="/knowledge/$collectionId/$documentId"
          params={{ collectionId: hit.collectionId, documentId: hit.documentId }}
          search={{ at: writePlace(hit) }}
          className="min-w-0 font-semibold break-words hover:underline"
          aria-label={`${t('retrieval.open')}: ${hit.title}`}
        >
          {hit.title}
        </Link>
        {page === null ? null : <span className="tabular text-xs text-quiet">{page}</span>}
      </div>
      <p className="tabular mt-0.5 flex flex-wrap gap-x-3 text-xs text-quiet">
        {scores.map(([word, hint]) =>
          hint === '' ? (
            <span key={word}>{word}</span>
          ) : (
            <Tooltip key={word} text={hint}>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard */}
              <span tabIndex={0} className="rounded-sm">
                {word}
              </span>
            </Tooltip>
          ),
        )}
      </p>
      {hit.context === '' ? null : <p className="mt-1 text-xs text-quiet">{hit.context}</p>}
      <LongText text={hit.text} mono={false} className="mt-1" />
    </li>
  );
}
