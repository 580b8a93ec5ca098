// GET /conversations?query: the few that the palette offers; without a text the latest ones.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Conversation } from '../../../../../contracts/conversation.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useFoundConversations(query: string) {
  return useQuery({
    queryKey: [...queryKeys.conversationList(query), 'palette'],
    queryFn: async ({ signal }) =>
      (await api<{ conversations: Conversation[] }>('/conversations', { query: { query, limit: 6 }, signal }))
        .conversations,
    placeholderData: keepPreviousData,
  });
}
