// POST /conversations: a chat in which an agent answers.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Conversation } from '../../../../../contracts/conversation.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useOpenChat() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (agent: string) => api<Conversation>('/conversations', { method: 'POST', body: { agent } }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.conversations }),
  });
}
