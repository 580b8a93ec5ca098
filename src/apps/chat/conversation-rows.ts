// Rows of conversations and messages, read and written. Every read names the user.
import type { Selectable } from 'kysely';
import { type Conversation, type Message, messagePartSchema } from '../../contracts/conversation.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { Database } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';

export type ConversationRow = Selectable<Database['conversations']>;
export type MessageRow = Selectable<Database['messages']>;

const parse = <T>(json: string | null): T | null => (json === null ? null : (JSON.parse(json) as T));

export function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    title: row.title,
    titleSource: row.title_source as Conversation['titleSource'],
    model: row.model,
    system: row.system,
    parameters: JSON.parse(row.parameters) as Conversation['parameters'],
    knowledge: JSON.parse(row.knowledge) as string[],
    agent: row.agent,
    tools: JSON.parse(row.tools) as string[],
    headId: row.head_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    parentId: row.parent_id,
    role: row.role as Message['role'],
    parts: messagePartSchema.array().parse(JSON.parse(row.parts)),
    status: row.status as Message['status'],
    runId: row.run_id,
    receipt: parse(row.receipt),
    error: parse(row.error),
    score: null,
    createdAt: row.created_at,
  };
}

export function toMessageRow(message: Message): MessageRow {
  return {
    id: message.id,
    conversation_id: message.conversationId,
    parent_id: message.parentId,
    role: message.role,
    parts: JSON.stringify(message.parts),
    status: message.status,
    run_id: message.runId,
    receipt: message.receipt === null ? null : JSON.stringify(message.receipt),
    error: message.error === null ? null : JSON.stringify(message.error),
    created_at: message.createdAt,
  };
}

const missing = (what: string, id: string) =>
  new AtelierError('not_found', `There is no ${what} ${id}. It may have been deleted.`, { data: { id } });

/** @throws AtelierError not_found, also for another person's and for a deleted conversation */
export async function conversationOf({ db }: Store, userId: string, id: string): Promise<Conversation> {
  const row = await db
    .selectFrom('conversations')
    .selectAll()
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw missing('conversation', id);
  return toConversation(row);
}

/** Every message of every branch, oldest first. The caller has shown that the conversation is the person's. */
export async function messagesOf({ db }: Store, conversationId: string): Promise<Message[]> {
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(toMessage);
}

/** @throws AtelierError not_found, also for another person's message and for one of a deleted conversation */
export async function messageOf({ db }: Store, userId: string, id: string): Promise<Message> {
  const row = await db
    .selectFrom('messages')
    .innerJoin('conversations', 'conversations.id', 'messages.conversation_id')
    .selectAll('messages')
    .where('messages.id', '=', id)
    .where('conversations.user_id', '=', userId)
    .where('conversations.deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw missing('message', id);
  return toMessage(row);
}
