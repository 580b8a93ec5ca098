// GET /conversations: the latest few.
import { useQuery } from '@tanstack/react-query';
import type { Conversation } from '../../../../../contracts/conversation.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export const RECENT = 6;

export function useRecentConversations() {
  return useQuery({
    queryKey: [...queryKeys.conversations, 'recent'],
    queryFn: async ({ signal }) =>
      (await api<{ conversations: Conversation[] }>('/conversations', { query: { limit: RECENT }, signal }))
        .conversations,
  });
}
