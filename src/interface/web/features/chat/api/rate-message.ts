// Rates an answer, with a reason and the answer as it should have been; null takes the rating back.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RatingInput, Score } from '../../../../../contracts/score.ts';
import { api } from '../../../lib/api.ts';
import type { ConversationWithMessages } from '../../../lib/queries.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export function useRateMessage(conversationId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ messageId, rating }: { messageId: string; rating: RatingInput }) =>
      api<{ score: Score | null }>(`/messages/${messageId}/rating`, { method: 'PUT', body: rating }),
    onSuccess: ({ score }, { messageId }) => {
      client.setQueryData<ConversationWithMessages>(
        queryKeys.conversation(conversationId),
        (now) =>
          now && {
            ...now,
            messages: now.messages.map((message) =>
              message.id === messageId ? { ...message, score } : message,
            ),
          },
      );
      void client.invalidateQueries({ queryKey: queryKeys.traces });
    },
  });
}
