// Hides a conversation. It can be restored, which the page offers for ten seconds.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';
import { patchLists } from './list-cache.ts';

export function useDeleteConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<void>(`/conversations/${id}`, { method: 'DELETE' }),
    onMutate: (id) => patchLists(client, (rows) => rows.filter((row) => row.id !== id)),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.conversations }),
  });
}
