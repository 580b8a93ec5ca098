// POST /collections/{id}/url: one web address, fetched by the server.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api.ts';
import type { Added } from '../../../lib/knowledge/uploads.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useAddAddress(collectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (url: string) =>
      api<Added>(`/collections/${encodeURIComponent(collectionId)}/url`, { method: 'POST', body: { url } }),
    onSuccess: () => {
      for (const queryKey of [queryKeys.knowledge, queryKeys.tasks])
        void client.invalidateQueries({ queryKey });
    },
  });
}
