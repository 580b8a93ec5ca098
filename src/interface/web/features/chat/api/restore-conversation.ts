// Brings a deleted conversation back.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Conversation } from '../../../../../contracts/conversation.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useRestoreConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<Conversation>(`/conversations/${id}/restore`, { method: 'POST' }),
    onSuccess: (conversation) =>
      Promise.all([
        client.invalidateQueries({ queryKey: queryKeys.conversations }),
        client.invalidateQueries({ queryKey: queryKeys.conversation(conversation.id) }),
      ]),
  });
}
