// A page of a person's conversations: newest first, or best first when something is searched.
import type { Conversation } from '../../contracts/conversation.ts';
import { foreignCursor, pageOf, readCursor } from '../../store/cursor-page.ts';
import type { Store } from '../../store/store.ts';
import { toConversation } from './conversation-rows.ts';
import { searchConversations } from './conversation-text.ts';

interface Page {
  conversations: Conversation[];
  nextCursor: string | null;
}
interface ListOptions {
  query?: string;
  cursor?: string;
  limit: number;
}

export function listConversations(store: Store, userId: string, options: ListOptions): Promise<Page> {
  const query = options.query?.trim();
  return query ? searchPage(store, userId, query, options) : newestPage(store, userId, options);
}

async function newestPage({ db }: Store, userId: string, { cursor, limit }: ListOptions): Promise<Page> {
  const { after, take } = readCursor({ cursor, limit });
  let select = db
    .selectFrom('conversations')
    .selectAll()
    .where('user_id', '=', userId)
    .where('deleted_at', 'is', null)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(take);
  if (after !== null) {
    const { at, id } = after;
    select = select
      .where('updated_at', '<=', at) // lets the index find the place
      .where((eb) => eb.or([eb('updated_at', '<', at), eb('id', '<', id)]));
  }
  const page = pageOf(await select.execute(), take, ({ updated_at, id }) => ({ at: updated_at, id }));
  return { conversations: page.rows.map(toConversation), nextCursor: page.nextCursor };
}

async function searchPage(
  store: Store,
  userId: string,
  query: string,
  { cursor, limit }: ListOptions,
): Promise<Page> {
  // What is found best stands first, so a place is a number.
  if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw foreignCursor(cursor);
  const from = Number(cursor ?? 0);
  const ids = await searchConversations(store, userId, query, from + limit + 1);
  const page = ids.slice(from, from + limit);
  if (page.length === 0) return { conversations: [], nextCursor: null };
  const rows = await store.db
    .selectFrom('conversations')
    .selectAll()
    .where('id', 'in', page)
    .where('user_id', '=', userId)
    .where('deleted_at', 'is', null)
    .execute();
  const found = new Map(rows.map((row) => [row.id, toConversation(row)]));
  return {
    conversations: page.map((id) => found.get(id)).filter((conversation) => conversation !== undefined),
    nextCursor: ids.length > from + limit ? String(from + limit) : null,
  };
}
