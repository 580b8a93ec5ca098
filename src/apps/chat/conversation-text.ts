// What the search of conversations finds: each message and the title, a document each, so that a new message costs the
// same in the longest conversation.
import type { Compilable } from 'kysely';
import type { MessagePart } from '../../contracts/conversation.ts';
import type { Store } from '../../store/store.ts';

const COLLECTION = 'conversation';
/** Characters of a message that are indexed; an attached file may have millions. */
const INDEXED_CHARACTERS = 262_144;
const TITLE = 'title';

const idOf = (conversationId: string, messageId: string) => `${conversationId}:${messageId}`;

export function indexMessage(
  { text }: Store,
  userId: string,
  message: { id: string; conversationId: string; parts: readonly MessagePart[] },
): Compilable[] {
  const words = message.parts
    .flatMap((part) =>
      part.type === 'file' ? [part.name, part.text] : part.type === 'text' ? [part.text] : [],
    )
    .join('\n')
    .slice(0, INDEXED_CHARACTERS);
  if (words.trim() === '') return [];
  return text.put(COLLECTION, idOf(message.conversationId, message.id), userId, words);
}

export function indexTitle({ text }: Store, userId: string, id: string, title: string | null): Compilable[] {
  return title === null
    ? text.remove(COLLECTION, idOf(id, TITLE))
    : text.put(COLLECTION, idOf(id, TITLE), userId, title);
}

export function unindex({ text }: Store, id: string, messageIds: readonly string[]): Compilable[] {
  return [...messageIds, TITLE].flatMap((messageId) => text.remove(COLLECTION, idOf(id, messageId)));
}

const HITS_AT_FIRST = 200;
const HITS_AT_MOST = 3200;

/** Ids of conversations with the words, best first; looks further while several hits fall into one conversation. */
export async function searchConversations(
  { text }: Store,
  userId: string,
  query: string,
  wanted: number,
): Promise<string[]> {
  for (let hits = HITS_AT_FIRST; ; hits *= 4) {
    const found = await text.search(COLLECTION, userId, query, hits);
    const ids = [...new Set(found.map((id) => id.slice(0, id.indexOf(':'))))];
    if (ids.length >= wanted || found.length < hits || hits >= HITS_AT_MOST) return ids;
  }
}
