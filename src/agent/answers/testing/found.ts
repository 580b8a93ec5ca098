// What a search finds, for the tests of what is made of it.
import type { SearchHit, SearchResult } from '../../../contracts/knowledge.ts';
import type { Knowledge, SearchOptions } from '../../../retrieval/knowledge.ts';

export function hitOf(change: Partial<SearchHit> = {}): SearchHit {
  const text = change.text ?? 'The bridge opened in 1932.';
  return {
    rank: 1,
    score: 1,
    scores: { lexical: 8, vector: 0.9, rerank: null },
    collectionId: 'col_1',
    documentId: 'doc_1',
    title: 'Sydney',
    path: 'sydney.txt',
    kind: 'text',
    chunkId: 'c1',
    text,
    context: '',
    header: null,
    start: 0,
    end: text.length,
    page: null,
    lastPage: null,
    boxes: [],
    tokens: Math.ceil(text.length / 4),
    attributes: {},
    ...change,
  };
}

export interface FoundKnowledge extends Pick<Knowledge, 'search'> {
  asked: SearchOptions[];
}

/** A knowledge that finds the same for every question. */
export function knowledgeOf(hits: readonly SearchHit[], notes: readonly string[] = []): FoundKnowledge {
  const asked: SearchOptions[] = [];
  return {
    asked,
    async search(_who, options): Promise<SearchResult & { traceId: string; spanId: string }> {
      asked.push(options);
      return {
        query: options.query,
        mode: 'hybrid',
        hits: hits.map((hit, index) => ({ ...hit, rank: index + 1 })),
        notes: [...notes],
        timings: { embedMs: 1, searchMs: 1, rerankMs: null },
        traceId: options.parent?.traceId ?? '0'.repeat(32),
        spanId: '0'.repeat(16),
      };
    },
  };
}
