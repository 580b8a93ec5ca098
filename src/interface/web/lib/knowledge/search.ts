// POST /search: the passages that answer a question, the best first.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { SearchResult } from '../../../../contracts/knowledge.ts';
import { api } from '../api.ts';
import { queryKeys } from '../query-keys.ts';

export interface KnowledgeQuery {
  collectionIds: string[];
  query: string;
  limit?: number;
  documentIds?: string[];
  mode?: SearchResult['mode'];
}

export type TracedSearchResult = SearchResult & { traceId: string; spanId: string };

/** Nothing is asked while the question is empty. */
export function useKnowledgeSearch(input: KnowledgeQuery) {
  return useQuery({
    queryKey: [...queryKeys.knowledge, 'search', input],
    queryFn: ({ signal }) => api<TracedSearchResult>('/search', { method: 'POST', body: input, signal }),
    enabled: input.query.trim() !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
}
