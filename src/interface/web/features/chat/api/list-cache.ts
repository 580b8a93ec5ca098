// Edits every cached list of conversations at once, so that a rename or a deletion shows before the server answers.
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Conversation } from '../../../../../contracts/conversation.ts';
import { queryKeys } from '../../../lib/query-keys.ts';
import type { ConversationPage } from './list-conversations.ts';

export function patchLists(client: QueryClient, change: (rows: Conversation[]) => Conversation[]): void {
  client.setQueriesData<InfiniteData<ConversationPage>>(
    { queryKey: queryKeys.conversations },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({ ...page, conversations: change(page.conversations) })),
      },
  );
}
