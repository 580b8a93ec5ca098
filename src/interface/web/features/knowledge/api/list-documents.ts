// GET /collections/{id}/documents: page after page, by path; `query` searches paths and titles.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { KnowledgeDocument } from '../../../../../contracts/knowledge.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export interface DocumentFilter {
  query: string;
  status: KnowledgeDocument['status'] | null;
}

interface DocumentPage {
  documents: KnowledgeDocument[];
  nextCursor: string | null;
}

const PAGE = 100;

export function useDocumentList(collectionId: string, filter: DocumentFilter) {
  return useInfiniteQuery({
    queryKey: queryKeys.documentList(collectionId, filter),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      api<DocumentPage>(`/collections/${encodeURIComponent(collectionId)}/documents`, {
        query: { ...filter, cursor: pageParam, limit: PAGE },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    select: (data) => data.pages.flatMap((page) => page.documents),
  });
}
