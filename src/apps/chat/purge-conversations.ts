// Removes for good what was deleted long ago, with its messages, runs and index entries: a conversation a batch.

import type { ChatParts } from './chat-parts.ts';
import { unindex } from './conversation-text.ts';

const AT_ONCE = 100;

/** Returns how many conversations went. */
export async function purgeConversations(
  { store, runs }: Pick<ChatParts, 'store' | 'runs'>,
  before: number,
  signal: AbortSignal,
): Promise<number> {
  const { db } = store;
  let removed = 0;
  for (;;) {
    const rows = await db
      .selectFrom('conversations')
      .select('id')
      .where('deleted_at', 'is not', null)
      .where('deleted_at', '<', before)
      .orderBy('deleted_at')
      .limit(AT_ONCE)
      .execute();
    if (rows.length === 0) return removed;
    for (const { id } of rows) {
      signal.throwIfAborted();
      const messages = await db
        .selectFrom('messages')
        .select('id')
        .where('conversation_id', '=', id)
        .execute();
      await store.write([
        ...unindex(
          store,
          id,
          messages.map((message) => message.id),
        ),
        ...runs.removal(id),
        db.deleteFrom('messages').where('conversation_id', '=', id),
        db.deleteFrom('conversations').where('id', '=', id),
      ]);
      removed += 1;
    }
  }
}
