// GET /collections/{id}: one collection.
import { useQuery } from '@tanstack/react-query';
import type { Collection } from '../../../../../contracts/knowledge.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useCollection(id: string) {
  return useQuery({
    queryKey: [...queryKeys.collections, id],
    queryFn: ({ signal }) => api<Collection>(`/collections/${encodeURIComponent(id)}`, { signal }),
  });
}
