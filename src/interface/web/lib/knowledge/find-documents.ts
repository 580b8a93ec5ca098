// GET /documents?query: the few documents of all collections whose names hold what was typed.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ParsedDocument, plainText } from '../../../../contracts/document.ts';
import type { KnowledgeDocument } from '../../../../contracts/knowledge.ts';
import { api } from '../api.ts';
import { queryKeys } from '../query-keys.ts';

export function useFoundDocuments(query: string) {
  return useQuery({
    queryKey: [...queryKeys.knowledge, 'found', query],
    queryFn: async ({ signal }) =>
      (await api<{ documents: KnowledgeDocument[] }>('/documents', { query: { query, limit: 8 }, signal }))
        .documents,
    placeholderData: keepPreviousData,
  });
}

/** All that was read of it. */
export async function textOfDocument(id: string): Promise<string> {
  return plainText(
    (await api<{ parsed: ParsedDocument }>(`/documents/${encodeURIComponent(id)}/content`)).parsed,
  );
}
