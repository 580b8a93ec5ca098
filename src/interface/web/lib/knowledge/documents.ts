// One document of a collection: its state, what was read of it, its passages, and what can be done with it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Chunk } from '../../../../contracts/chunk.ts';
import type { ParsedDocument } from '../../../../contracts/document.ts';
import type { Attributes, KnowledgeDocument } from '../../../../contracts/knowledge.ts';
import type { Task } from '../../../../contracts/task.ts';
import { api } from '../api.ts';
import { withTask } from '../events.ts';
import { queryKeys } from '../query-keys.ts';

const path = (id: string) => `/documents/${encodeURIComponent(id)}`;

export const isWaiting = (document: Pick<KnowledgeDocument, 'status'>): boolean =>
  document.status === 'queued' || document.status === 'reading';

/** The original: as a download, or (a PDF only) to be drawn here. */
export function originalAddress(id: string, how: 'download' | 'inline'): string {
  return `/atelier/v1${path(id)}/original${how === 'inline' ? '?inline=1' : ''}`;
}

export function useDocument(id: string) {
  return useQuery({
    queryKey: queryKeys.document(id),
    queryFn: ({ signal }) => api<KnowledgeDocument>(path(id), { signal }),
  });
}

export interface DocumentContent {
  document: KnowledgeDocument;
  parsed: ParsedDocument;
}

/** What was read; asked for once the document is ready. */
export function useDocumentContent(id: string, ready: boolean) {
  return useQuery({
    queryKey: queryKeys.documentContent(id),
    queryFn: ({ signal }) => api<DocumentContent>(`${path(id)}/content`, { signal }),
    enabled: ready,
    // It changes only when the document is read anew, which is an event.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function usePassages(id: string) {
  return useQuery({
    queryKey: queryKeys.passages(id),
    queryFn: async ({ signal }) =>
      (await api<{ passages: Chunk[] }>(`${path(id)}/passages`, { signal })).passages,
  });
}

export function useRetryDocument() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<Task>(`${path(id)}/retry`, { method: 'POST' }),
    onSuccess: (task) => {
      client.setQueryData<Task[]>(queryKeys.tasks, (tasks) => tasks && withTask(tasks, task));
      void client.invalidateQueries({ queryKey: queryKeys.knowledge });
    },
  });
}

export function useSaveAttributes() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, attributes }: { id: string; attributes: Attributes }) =>
      api<KnowledgeDocument>(path(id), { method: 'PATCH', body: { attributes } }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.knowledge }),
  });
}
