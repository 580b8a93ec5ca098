// Placeholder of the chat door.
export function ChatPage({ conversationId }: { conversationId?: string }) {
  return <p className="p-6">{conversationId ?? ''}</p>;
}
