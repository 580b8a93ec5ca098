// Sends a message; the answer begins as a run. Without a conversation one is made first.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { MessagePart } from '../../../../../contracts/conversation.ts';
import { api } from '../../../lib/api.ts';
import { createConversation, type NewConversation } from './create-conversation.ts';
import { putSent, type Sent } from './sent.ts';

export interface SendRequest {
  conversationId: string | null;
  /** Settings of the conversation that is made when there is none yet. */
  settings: NewConversation;
  parts: MessagePart[];
  parentId?: string | null;
}

export function useSendMessage() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ conversationId, settings, parts, parentId }: SendRequest) => {
      const id = conversationId ?? (await createConversation(settings)).id;
      try {
        return await api<Sent>(`/conversations/${id}/messages`, {
          method: 'POST',
          body: parentId === undefined ? { parts } : { parts, parentId },
        });
      } catch (error) {
        // A conversation whose first message was refused has nothing in it. Failing to remove it changes nothing here.
        if (conversationId === null)
          await api(`/conversations/${id}`, { method: 'DELETE' }).catch(() => undefined);
        throw error;
      }
    },
    onSuccess: (sent) => putSent(client, sent),
  });
}
