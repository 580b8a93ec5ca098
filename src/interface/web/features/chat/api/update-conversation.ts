// Changes a conversation: title, model, system prompt, parameters, knowledge, agent, tools, or the branch that is shown. Shown at once.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Conversation } from '../../../../../contracts/conversation.ts';
import type { Parameters } from '../../../../../contracts/model.ts';
import { api } from '../../../lib/api.ts';
import type { ConversationWithMessages } from '../../../lib/queries.ts';
import { queryKeys } from '../../../lib/query-keys.ts';
import { patchLists } from './list-cache.ts';

export interface ConversationChange {
  title?: string;
  model?: string;
  system?: string;
  parameters?: Parameters;
  knowledge?: string[];
  agent?: string | null;
  tools?: string[];
  headId?: string;
}

export function useUpdateConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, change }: { id: string; change: ConversationChange }) =>
      api<Conversation>(`/conversations/${id}`, { method: 'PATCH', body: change }),
    onMutate: ({ id, change }) => {
      const key = queryKeys.conversation(id);
      const before = client.getQueryData<ConversationWithMessages>(key);
      if (before)
        client.setQueryData<ConversationWithMessages>(key, {
          ...before,
          conversation: { ...before.conversation, ...change },
        });
      if (change.title !== undefined)
        patchLists(client, (rows) =>
          rows.map((row) => (row.id === id ? { ...row, title: change.title ?? null } : row)),
        );
      return { before };
    },
    onSuccess: (conversation, { id }) => {
      client.setQueryData<ConversationWithMessages>(
        queryKeys.conversation(id),
        (now) => now && { ...now, conversation },
      );
    },
    onError: (_error, { id }, context) => {
      if (context?.before) client.setQueryData(queryKeys.conversation(id), context.before);
      void client.invalidateQueries({ queryKey: queryKeys.conversations });
    },
  });
}
