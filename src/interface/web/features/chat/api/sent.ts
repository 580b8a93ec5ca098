// What the server gives back when an answer begins, put into the cached conversation.
import type { QueryClient } from '@tanstack/react-query';
import type { Conversation, Message } from '../../../../../contracts/conversation.ts';
import type { ConversationWithMessages } from '../../../lib/queries.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export interface Sent {
  conversation: Conversation;
  user: Message | null;
  assistant: Message;
}

export function withSent(now: ConversationWithMessages | undefined, sent: Sent): ConversationWithMessages {
  const fresh = sent.user ? [sent.user, sent.assistant] : [sent.assistant];
  const ids = new Set(fresh.map((message) => message.id));
  const rest = (now?.messages ?? []).filter((message) => !ids.has(message.id));
  return { conversation: sent.conversation, messages: [...rest, ...fresh] };
}

export function putSent(client: QueryClient, sent: Sent): void {
  client.setQueryData<ConversationWithMessages>(queryKeys.conversation(sent.conversation.id), (now) =>
    withSent(now, sent),
  );
  void client.invalidateQueries({ queryKey: queryKeys.conversations });
}
