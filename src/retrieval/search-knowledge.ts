// A search with its span: who may see what is decided by the rows, the question becomes a vector when it can, and what
// limited the search is said with the hits.

import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { SearchResult } from '../contracts/knowledge.ts';
import { type Notice, noticeOf, noticesOf } from '../contracts/notice.ts';
import { attribute, noteAttributes } from '../contracts/span.ts';
import type { Ledger, OpenSpan } from '../monitoring/ledger.ts';
import type { Store } from '../store/store.ts';
import { checkFilter } from './check-filter.ts';
import type { EmbedContext, Embedder } from './embedder.ts';
import type { SearchOptions } from './knowledge.ts';
import type { PassageIndex } from './passage-index.ts';
import type { SearchLimits } from './search-limits.ts';

export interface SearchParts {
  store: Store;
  ledger: Ledger;
  index: PassageIndex;
  embedder: Embedder;
  limits: SearchLimits;
}

type Found = SearchResult & { traceId: string; spanId: string };

const DEFAULT_LIMIT = 8;
const MOST = 100;
/** Tokens of a question, prefix and marks aside, that the embedding models in use read. */
const LONGEST_QUESTION = 480;

/** @throws AtelierError not_found, invalid_request */
export async function searchKnowledge(
  who: Identity,
  options: SearchOptions,
  parts: SearchParts,
): Promise<Found> {
  const collections = await visibleCollections(who, options.collectionIds, parts.store);
  const { query, mode = 'hybrid', limit = DEFAULT_LIMIT, parent, signal } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw new AtelierError('invalid_request', `A search finds 1 to ${MOST} passages, not ${limit}.`, {
      data: { limit },
    });
  if (options.filter) checkFilter(options.filter);
  const span = parts.ledger.startSpan({
    ...(parent ? { traceId: parent.traceId, parentId: parent.spanId } : {}),
    name: 'search knowledge',
    kind: 'retrieval',
    userId: who.userId,
    conversationId: options.conversationId ?? null,
    source: options.source,
    keyId: who.keyId ?? null,
    attributes: {
      [attribute.operation]: 'retrieval',
      [attribute.user]: who.userId,
      [attribute.source]: options.source,
      ...(options.conversationId ? { [attribute.conversation]: options.conversationId } : {}),
      'atelier.retrieval.mode': mode,
      'atelier.retrieval.limit': limit,
      'atelier.retrieval.collections': collections.map(({ id }) => id),
      ...(options.documentIds ? { 'atelier.retrieval.documents': options.documentIds } : {}),
      ...(options.filter ? { 'atelier.retrieval.filter': options.filter } : {}),
    },
    input: query,
  });
  try {
    const result = await find({ who, options, mode, limit, collections, span }, parts);
    span.end({
      status: 'ok',
      attributes: {
        'atelier.retrieval.mode': result.mode,
        'atelier.retrieval.hits': result.hits.length,
        [attribute.timings]: result.timings,
        ...noteAttributes(noticesOf(result)),
      },
      output: result.hits,
    });
    return { ...result, traceId: span.traceId, spanId: span.spanId };
  } catch (thrown) {
    const error = signal?.aborted
      ? new AtelierError('cancelled', 'The search was cancelled.')
      : toAtelierError(thrown);
    span.end({
      status: error.code === 'cancelled' ? 'cancelled' : 'error',
      error: error.toJSON(),
      attributes: { [attribute.errorType]: error.code },
    });
    throw error;
  }
}

interface Visible {
  id: string;
  embedding_model: string | null;
}

async function visibleCollections(
  who: Identity,
  asked: readonly string[],
  { db }: Store,
): Promise<Visible[]> {
  const ids = [...new Set(asked)];
  if (ids.length === 0)
    throw new AtelierError('invalid_request', 'Name at least one collection to search in.', { data: {} });
  const found = await db
    .selectFrom('collections')
    .select(['id', 'embedding_model'])
    .where('id', 'in', ids)
    .where('user_id', '=', who.userId)
    .where('deleted_at', 'is', null)
    .execute();
  const missing = ids.filter((id) => !found.some((row) => row.id === id));
  if (missing.length === 0) return found;
  throw new AtelierError(
    'not_found',
    `There is no collection ${missing.join(', ')}. It may have been deleted.`,
    { data: { missing } },
  );
}

interface Search {
  who: Identity;
  options: SearchOptions;
  mode: SearchResult['mode'];
  limit: number;
  collections: readonly Visible[];
  span: OpenSpan;
}

async function find(search: Search, parts: SearchParts): Promise<SearchResult> {
  const { options, limit, collections } = search;
  const { query, signal } = options;
  const notices = await parts.limits.notices(collections.map(({ id }) => id));
  const began = performance.now();
  const vector = search.mode === 'lexical' ? null : await vectorOf(search, parts, notices);
  const embedded = performance.now();
  const mode = vector === null ? 'lexical' : search.mode;
  const hits = await parts.index.search(
    {
      text: query,
      vector,
      collectionIds: collections.map(({ id }) => id),
      ...(options.documentIds ? { documentIds: options.documentIds } : {}),
      ...(options.filter ? { filter: options.filter } : {}),
      limit,
      mode,
    },
    signal,
  );
  return {
    query,
    mode,
    hits: hits.map((hit, at) => ({ rank: at + 1, ...hit })),
    notes: notices.map(({ message }) => message),
    notices,
    timings: {
      embedMs: vector === null ? null : rounded(embedded - began),
      searchMs: rounded(performance.now() - embedded),
      rerankMs: null,
    },
  };
}

const rounded = (milliseconds: number) => Math.round(milliseconds * 100) / 100;

/** Null, with a note, when the search must do with words. */
async function vectorOf(
  { who, options, collections, span }: Search,
  { embedder }: SearchParts,
  notices: Notice[],
): Promise<Float32Array | null> {
  const { query, signal } = options;
  const models = new Set(collections.map((row) => row.embedding_model).filter((model) => model !== null));
  // Nothing to compare with: new collections say nothing, they are empty or their documents are noted.
  if (models.size === 0 || query.trim() === '') return null;
  const foreign = [...models].find((model) => model !== embedder.model);
  if (foreign !== undefined) {
    notices.push(
      noticeOf(
        'words_only_other_model',
        `Searched by words only: the vectors are of ${foreign}, and the model here is ${embedder.model}.`,
        { theirs: foreign, model: embedder.model },
      ),
    );
    return null;
  }
  if (!(await embedder.available())) {
    notices.push(
      noticeOf(
        'words_only_no_model',
        `Searched by words only: the embedding model ${embedder.model} is not on this machine.`,
        { model: embedder.model },
      ),
    );
    return null;
  }
  const context: EmbedContext = {
    identity: who,
    source: options.source,
    parent: { traceId: span.traceId, spanId: span.spanId },
    ...(signal ? { signal } : {}),
  };
  try {
    const [tokens = 0] = query.length > LONGEST_QUESTION ? await embedder.countTokens([query]) : [0];
    const kept =
      tokens > LONGEST_QUESTION ? Math.floor((query.length * LONGEST_QUESTION) / tokens) : query.length;
    if (kept < query.length)
      notices.push(
        noticeOf(
          'question_long',
          `The question is long: its first ${kept} characters were compared by meaning, all of it by words.`,
          { characters: kept },
        ),
      );
    const [vector] = await embedder.embed([query.slice(0, kept)], 'query', context);
    return vector ?? null;
  } catch (thrown) {
    signal?.throwIfAborted();
    const error = toAtelierError(thrown);
    notices.push(
      noticeOf(
        'words_only_failed',
        `Searched by words only: the question could not be embedded (${error.message})`,
        { reason: error.message },
      ),
    );
    return null;
  }
}
