// A conversation's messages as a tree: which branch is shown, and what lies beside each message of it.
import type { Message } from '../../../../../contracts/conversation.ts';

export interface Siblings {
  /** Place among the siblings, from 0. */
  index: number;
  ids: string[];
}

export interface MessageTree {
  byId: ReadonlyMap<string, Message>;
  /** Children in the order in which they were made; null holds the roots. */
  childrenOf: ReadonlyMap<string | null, readonly Message[]>;
}

/** A message whose parent is missing counts as a root, so that nothing vanishes. */
export function buildTree(messages: readonly Message[]): MessageTree {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const childrenOf = new Map<string | null, Message[]>();
  for (const message of messages) {
    const parent = parentOf(byId, message);
    const list = childrenOf.get(parent);
    if (list) list.push(message);
    else childrenOf.set(parent, [message]);
  }
  return { byId, childrenOf };
}

function parentOf(byId: ReadonlyMap<string, Message>, message: Message): string | null {
  return message.parentId !== null && byId.has(message.parentId) ? message.parentId : null;
}

/** The messages from the root to the head, in reading order. Without a head, the newest branch. */
export function branchOf(tree: MessageTree, headId: string | null): Message[] {
  const start = headId !== null && tree.byId.has(headId) ? headId : newestLeaf(tree, null);
  const branch: Message[] = [];
  const seen = new Set<string>();
  let id = start;
  while (id !== null && !seen.has(id)) {
    seen.add(id);
    const message = tree.byId.get(id);
    if (!message) break;
    branch.push(message);
    id = parentOf(tree.byId, message);
  }
  return branch.reverse();
}

export function siblingsOf(tree: MessageTree, message: Message): Siblings {
  const ids = (tree.childrenOf.get(parentOf(tree.byId, message)) ?? []).map((sibling) => sibling.id);
  return { index: ids.indexOf(message.id), ids };
}

/** The newest message below `id`, following the newest child at each fork: where a switch of branches leads. */
export function newestLeaf(tree: MessageTree, id: string | null): string | null {
  let at = id;
  for (;;) {
    const next = tree.childrenOf.get(at)?.at(-1);
    if (!next) return at;
    at = next.id;
  }
}
