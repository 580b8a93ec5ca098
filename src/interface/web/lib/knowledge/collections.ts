// The collections of documents: read, begun, changed, hidden and brought back.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Collection } from '../../../../contracts/knowledge.ts';
import { api } from '../api.ts';
import { queryKeys } from '../query-keys.ts';

const path = (id: string) => `/collections/${encodeURIComponent(id)}`;

export function useCollections() {
  return useQuery({
    queryKey: queryKeys.collections,
    queryFn: async ({ signal }) =>
      (await api<{ collections: Collection[] }>('/collections', { signal })).collections,
  });
}

export interface CollectionInput {
  name: string;
  description?: string;
}

export function createCollection(body: CollectionInput): Promise<Collection> {
  return api<Collection>('/collections', { method: 'POST', body });
}

function useCollectionChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.knowledge }),
  });
}

/** Begins a collection, or changes the one whose id is given. */
export function useSaveCollection() {
  return useCollectionChange(({ id, input }: { id: string | null; input: CollectionInput }) =>
    id === null ? createCollection(input) : api<Collection>(path(id), { method: 'PATCH', body: input }),
  );
}

/** Hides it; `useRestoreCollection` brings it back. */
export function useRemoveCollection() {
  return useCollectionChange((id: string) => api<void>(path(id), { method: 'DELETE' }));
}

export function useRestoreCollection() {
  return useCollectionChange((id: string) => api<Collection>(`${path(id)}/restore`, { method: 'POST' }));
}
