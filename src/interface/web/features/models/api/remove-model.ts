// DELETE /models/{id}: takes a local model off the machine.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useRemoveModel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<void>(`/models/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: () => {
      for (const queryKey of [queryKeys.models, queryKeys.catalogue, queryKeys.health])
        void client.invalidateQueries({ queryKey });
    },
  });
}
