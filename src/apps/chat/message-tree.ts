// The messages of a conversation as a tree: an edit or a second answer is a branch, and nothing is overwritten.
import type { Message } from '../../contracts/conversation.ts';

/** From the root to the message, itself included. Empty for null and for an id that is not there. */
export function pathTo(messages: readonly Message[], id: string | null): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: Message[] = [];
  for (let at = id === null ? undefined : byId.get(id); at !== undefined; ) {
    path.push(at);
    byId.delete(at.id); // a circle, which no writer makes, must not hang the reader
    at = at.parentId === null ? undefined : byId.get(at.parentId);
  }
  return path.reverse();
}

/** The newest message below this one on which nothing follows; itself when nothing follows on it. */
export function newestLeaf(messages: readonly Message[], id: string): string {
  const newestChild = new Map<string, string>();
  for (const message of messages)
    if (message.parentId !== null) newestChild.set(message.parentId, message.id);
  let leaf = id;
  const seen = new Set<string>();
  for (
    let next = newestChild.get(leaf);
    next !== undefined && !seen.has(next);
    next = newestChild.get(leaf)
  ) {
    seen.add(next);
    leaf = next;
  }
  return leaf;
}
