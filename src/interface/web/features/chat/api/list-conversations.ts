// The list of conversations, page after page, newest first; `query` searches titles and messages.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { Conversation } from '../../../../../contracts/conversation.ts';
import { api } from '../../../lib/api.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export interface ConversationPage {
  conversations: Conversation[];
  nextCursor: string | null;
}

const PAGE = 100;

export function useConversationList(query: string) {
  return useInfiniteQuery({
    queryKey: queryKeys.conversationList(query),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      api<ConversationPage>('/conversations', { query: { query, cursor: pageParam, limit: PAGE }, signal }),
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    select: (data) => data.pages.flatMap((page) => page.conversations),
  });
}
