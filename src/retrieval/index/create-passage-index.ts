// The index of passages on either store: by words and by meaning, fused. The store's own part is an engine; what is here
// is the same on both.
import type { RerankingModelV4 } from '@ai-sdk/provider';
import { type Chunk, passageText } from '../../contracts/chunk.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { SearchHit } from '../../contracts/knowledge.ts';
import type { Log } from '../../lib/log.ts';
import type { Store } from '../../store/store.ts';
import type { IndexQuery, PassageIndex } from '../passage-index.ts';
import { termsOf } from './analyse.ts';
import type { IndexEngine } from './engine.ts';
import { type FusedCandidate, type FusionSettings, fuse, fusionSettings } from './fuse.ts';
import { createMemoryEngine } from './memory/memory-engine.ts';
import { allowedDocuments, chunksOf, hitsOf, insertPassage } from './passage-rows.ts';
import { analysePassage, type PassageTerms } from './passage-terms.ts';
import { createPostgresEngine } from './postgres/postgres-engine.ts';

export interface PassageIndexOptions {
  store: Store;
  log: Log;
  fusion?: FusionSettings;
  /** Reads the best passages beside the question and orders them anew. None by default: see docs/log.md. */
  reranker?: RerankingModelV4;
}

/** Candidates of each ranking: enough that fusing does not miss what both rank in the middle. */
const DEPTH = 64;
/** What a reranker reads. */
const RERANKED = 24;
/** Different words of a question that are looked up: a pasted page is cut, its first words count. */
const MOST_TERMS = 128;

type Hit = Omit<SearchHit, 'rank'>;

export function createPassageIndex({
  store,
  log,
  fusion = fusionSettings,
  reranker,
}: PassageIndexOptions): PassageIndex {
  const engine: IndexEngine =
    store.kind === 'sqlite' ? createMemoryEngine({ store, log }) : createPostgresEngine({ store, log });
  const { db } = store;
  const prepared = new WeakMap<Chunk, PassageTerms>();

  async function rank(query: IndexQuery): Promise<FusedCandidate[]> {
    const { text, vector, collectionIds, documentIds, filter, limit, mode } = query;
    const allowed = await allowedDocuments(store, { collectionIds, documentIds, filter });
    if (collectionIds.length === 0 || allowed?.length === 0) return [];
    const terms = mode === 'vector' ? null : firstTerms(termsOf(text));
    const depth = Math.max(DEPTH, limit * 2);
    const candidates = await engine.rank({
      terms: terms?.length === 0 ? null : terms,
      vector: mode === 'lexical' ? null : vector,
      collectionIds,
      documentIds: allowed,
      depth,
    });
    return fuse(candidates, fusion);
  }

  return {
    prepare(chunk) {
      prepared.set(chunk, analysePassage(chunk));
    },
    replace({ id, collectionId }, passages) {
      return [
        db.deleteFrom('passages').where('document_id', '=', id),
        ...passages.flatMap(({ chunk, vector }, ordinal) => [
          insertPassage(store, { documentId: id, collectionId, ordinal }, chunk),
          ...engine.put(
            { documentId: id, collectionId, chunkId: chunk.id },
            prepared.get(chunk) ?? analysePassage(chunk),
            vector,
          ),
        ]),
      ];
    },
    remove: (documentId) => [db.deleteFrom('passages').where('document_id', '=', documentId)],
    committed: engine.committed,
    async search(query, signal) {
      signal?.throwIfAborted();
      if (query.mode === 'vector' && query.vector === null)
        throw new AtelierError(
          'invalid_request',
          'A search by meaning needs the vector of the question: install an embedding model, or search by words.',
        );
      const hits: Hit[] = [];
      const wanted = reranker ? Math.max(RERANKED, query.limit) : query.limit;
      const ranked = await rank(query);
      const gone: number[] = [];
      // A passage that was removed a moment ago makes room for the next one.
      for (let at = 0; at < ranked.length && hits.length < wanted; ) {
        signal?.throwIfAborted();
        const next = ranked.slice(at, at + wanted - hits.length);
        at += next.length;
        const found = await hitsOf(
          store,
          next.map(({ number }) => number),
        );
        for (const { number, score, lexical, vector } of next) {
          const passage = found.get(number);
          if (passage) hits.push({ ...passage, score, scores: { lexical, vector, rerank: null } });
          else gone.push(number);
        }
      }
      if (gone.length > 0) engine.forget(gone);
      const ordered = reranker ? await rerank(reranker, query.text, hits, signal) : hits;
      return ordered.slice(0, query.limit);
    },
    passages: (documentId) => chunksOf(store, documentId),
    vectorsByHash: engine.vectorsByHash,
    async check(options) {
      const faults = await engine.check(options);
      const count = async (table: 'collections' | 'documents' | 'passages') =>
        (
          await db
            .selectFrom(table)
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .executeTakeFirstOrThrow()
        ).count;
      return {
        collections: await count('collections'),
        documents: await count('documents'),
        passages: await count('passages'),
        faults,
      };
    },
    open: engine.open,
    close: engine.close,
  };
}

function firstTerms(terms: readonly number[]): number[] {
  const kept = new Set<number>();
  return terms.filter((term) => {
    if (kept.size < MOST_TERMS) kept.add(term);
    return kept.has(term);
  });
}

/** The hits in the reranker's order; what it leaves out follows as it stood. */
async function rerank(
  model: RerankingModelV4,
  query: string,
  hits: readonly Hit[],
  signal: AbortSignal | undefined,
): Promise<Hit[]> {
  if (hits.length < 2) return [...hits];
  const { ranking } = await model.doRerank({
    query,
    documents: { type: 'text', values: hits.map(passageText) },
    ...(signal && { abortSignal: signal }),
  });
  const read = ranking.flatMap(({ index, relevanceScore }) => {
    const hit = hits[index];
    return hit ? [{ ...hit, scores: { ...hit.scores, rerank: relevanceScore } }] : [];
  });
  const named = new Set(ranking.map(({ index }) => index));
  return [...read, ...hits.filter((_, index) => !named.has(index))];
}
