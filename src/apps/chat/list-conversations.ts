// A page of a person's conversations: newest first, or best first when something is searched.
import type { Conversation } from '../../contracts/conversation.ts';
import { AtelierError } from '../../contracts/errors.ts';
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

const encode = (text: string) => Buffer.from(text).toString('base64url');

function decode(cursor: string, pattern: RegExp): RegExpExecArray {
  const match = pattern.exec(Buffer.from(cursor, 'base64url').toString());
  if (match === null) {
    throw new AtelierError(
      'invalid_request',
      'The cursor is not one that this list gave. Ask without a cursor.',
      {
        data: { cursor },
      },
    );
  }
  return match;
}

export function listConversations(store: Store, userId: string, options: ListOptions): Promise<Page> {
  const query = options.query?.trim();
  return query ? searchPage(store, userId, query, options) : newestPage(store, userId, options);
}

async function newestPage({ db }: Store, userId: string, { cursor, limit }: ListOptions): Promise<Page> {
  const after = cursor === undefined ? null : decode(cursor, /^(\d+) (.+)$/);
  let select = db
    .selectFrom('conversations')
    .selectAll()
    .where('user_id', '=', userId)
    .where('deleted_at', 'is', null)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (after !== null) {
    const [, at = '', id = ''] = after;
    select = select
      .where('updated_at', '<=', Number(at)) // lets the index find the place
      .where((eb) => eb.or([eb('updated_at', '<', Number(at)), eb('id', '<', id)]));
  }
  const rows = await select.execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    conversations: page.map(toConversation),
    nextCursor: rows.length > limit && last !== undefined ? encode(`${last.updated_at} ${last.id}`) : null,
  };
}

async function searchPage(
  store: Store,
  userId: string,
  query: string,
  { cursor, limit }: ListOptions,
): Promise<Page> {
  const from = cursor === undefined ? 0 : Number(decode(cursor, /^\+(\d{1,9})$/)[1]);
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
    nextCursor: ids.length > from + limit ? encode(`+${from + limit}`) : null,
  };
}
