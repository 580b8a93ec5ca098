// The chat application: conversations as a tree of messages, answers as runs. This file says what can be asked; each
// longer step has a file of its own.
import type { Compilable } from 'kysely';
import type { AgentRunner, Agents } from '../../agent/agents.ts';
import type { GroundedAnswers } from '../../agent/answer-from-knowledge.ts';
import type { RunLog } from '../../agent/run-log.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { type Parameters, parametersSchema } from '../../contracts/model.ts';
import { createEmitter } from '../../lib/emitter.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { Ledger } from '../../monitoring/ledger.ts';
import type { Store } from '../../store/store.ts';
import { regenerate, send } from './begin-answer.ts';
import type { ChatParts } from './chat-parts.ts';
import type { ChatService } from './chat-service.ts';
import {
  type ConversationRow,
  conversationOf,
  messageOf,
  messagesOf,
  toConversation,
} from './conversation-rows.ts';
import { indexTitle } from './conversation-text.ts';
import { countMessage } from './count-message.ts';
import { DEFAULT_MODEL } from './defaults.ts';
import { exportConversation } from './export-conversation.ts';
import { listConversations } from './list-conversations.ts';
import { checkSize, cleanPersonTitle } from './message-input.ts';
import { newestLeaf } from './message-tree.ts';
import { purgeConversations } from './purge-conversations.ts';
import { recoverAnswers } from './recover-answers.ts';

export interface ChatServiceOptions {
  store: Store;
  runs: RunLog;
  gateway: Gateway;
  registry: ModelRegistry;
  ledger: Ledger;
  /** Both or neither: conversations that an agent answers. */
  agents?: Pick<Agents, 'get'>;
  runner?: AgentRunner;
  /** Conversations that documents answer. */
  answers?: GroundedAnswers;
  log: Log;
  now?: () => number;
}

function checkParameters(parameters: Parameters): Parameters {
  const parsed = parametersSchema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AtelierError('invalid_request', `These parameters cannot be used: ${faults.join(' | ')}`, {
    data: { faults },
  });
}

export function createChatService(options: ChatServiceOptions): ChatService {
  const { store, runs, gateway, registry, ledger, log, now = Date.now } = options;
  const { db } = store;
  const changes = createEmitter<{ userId: string; conversationId: string | null }>((error) =>
    log.error('a listener of the chat failed', { message: String(error) }),
  );
  const background = new Set<Promise<void>>();
  const closing = new AbortController();
  const parts: ChatParts = {
    store,
    runs,
    gateway,
    registry,
    ledger,
    agents: options.agents ?? null,
    runner: options.runner ?? null,
    answers: options.answers ?? null,
    log,
    now,
    busy: new Set(),
    changed(userId, conversationId, list) {
      changes.emit({ userId, conversationId });
      if (list) changes.emit({ userId, conversationId: null });
    },
    inBackground(work) {
      background.add(work);
      work.finally(() => background.delete(work));
    },
    closing: closing.signal,
  };

  /** Changes a row that is the person's, and tells. @throws AtelierError not_found */
  async function change(
    userId: string,
    id: string,
    deleted: boolean,
    fields: Partial<Omit<ConversationRow, 'id' | 'user_id'>>,
    more: readonly Compilable[] = [],
  ): Promise<void> {
    const [result] = await store.write([
      db
        .updateTable('conversations')
        .set(fields)
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where('deleted_at', deleted ? 'is not' : 'is', null),
      ...more,
    ]);
    if (result?.affected === 0) {
      throw new AtelierError('not_found', `There is no conversation ${id}. It may have been deleted.`, {
        data: { id },
      });
    }
    parts.changed(userId, id, true);
  }

  const get: ChatService['get'] = async (who, id) => {
    const conversation = await conversationOf(store, who.userId, id);
    const messages = await messagesOf(store, id);
    const spans = messages.flatMap((message) => (message.receipt === null ? [] : [message.receipt.spanId]));
    const scores = await ledger.scoresOf(spans, who.userId);
    return {
      conversation,
      messages: messages.map((message) => ({
        ...message,
        score: (message.receipt === null ? undefined : scores.get(message.receipt.spanId)) ?? null,
      })),
    };
  };

  return {
    list: (who, page) => listConversations(store, who.userId, page),

    async create(who, input) {
      checkSize([], input.system);
      const title = input.title ? cleanPersonTitle(input.title) : null;
      const at = now();
      const row: ConversationRow = {
        id: newId('con', at),
        user_id: who.userId,
        title,
        title_source: title === null ? 'none' : 'person',
        model: input.model ?? DEFAULT_MODEL,
        system: input.system ?? '',
        parameters: JSON.stringify(checkParameters(input.parameters ?? {})),
        knowledge: JSON.stringify(input.knowledge ?? []),
        agent: input.agent ?? null,
        tools: JSON.stringify(input.tools ?? []),
        head_id: null,
        created_at: at,
        updated_at: at,
        deleted_at: null,
      };
      await store.write([
        db.insertInto('conversations').values(row),
        ...(title === null ? [] : indexTitle(store, who.userId, row.id, title)),
      ]);
      parts.changed(who.userId, row.id, true);
      return toConversation(row);
    },

    get,

    async update(who, id, input) {
      const before = await conversationOf(store, who.userId, id);
      const fields: Partial<ConversationRow> = {};
      if (input.title !== undefined) {
        fields.title = input.title === null ? null : cleanPersonTitle(input.title);
        fields.title_source = fields.title === null ? 'none' : 'person';
      }
      if (input.model !== undefined) fields.model = input.model;
      if (input.system !== undefined) {
        checkSize([], input.system);
        fields.system = input.system;
      }
      if (input.parameters !== undefined)
        fields.parameters = JSON.stringify(checkParameters(input.parameters));
      if (input.knowledge !== undefined) fields.knowledge = JSON.stringify(input.knowledge);
      if (input.agent !== undefined) fields.agent = input.agent;
      if (input.tools !== undefined) fields.tools = JSON.stringify(input.tools);
      if (input.headId !== undefined) {
        const messages = await messagesOf(store, id);
        if (!messages.some((message) => message.id === input.headId)) {
          throw new AtelierError(
            'invalid_request',
            `The message ${input.headId} is not in this conversation.`,
            {
              data: { headId: input.headId },
            },
          );
        }
        fields.head_id = newestLeaf(messages, input.headId);
      }
      if (Object.keys(fields).length === 0) return before;
      const index = fields.title === undefined ? [] : indexTitle(store, who.userId, id, fields.title);
      await change(who.userId, id, false, fields, index);
      return conversationOf(store, who.userId, id);
    },

    async remove(who, id) {
      await change(who.userId, id, false, { deleted_at: now() });
      const running = await db
        .selectFrom('runs')
        .select('id')
        .where('conversation_id', '=', id)
        .where('user_id', '=', who.userId)
        .where('status', '=', 'running')
        .execute();
      for (const run of running) await runs.cancel(run.id, who.userId);
    },

    async restore(who, id) {
      await change(who.userId, id, true, { deleted_at: null });
      return conversationOf(store, who.userId, id);
    },

    async export(who, id, format) {
      const { conversation, messages } = await get(who, id);
      return exportConversation(conversation, messages, format);
    },

    send: (who, id, input) => send(parts, who, id, input),
    regenerate: (who, messageId, input = {}) => regenerate(parts, who, messageId, input),

    async rate(who, messageId, input) {
      const message = await messageOf(store, who.userId, messageId);
      if (message.receipt === null) {
        throw new AtelierError('invalid_request', 'Only an answer that a model has written can be rated.', {
          data: { messageId, role: message.role, status: message.status },
        });
      }
      const score = await ledger.rate(message.receipt.spanId, message.receipt.traceId, who.userId, input);
      parts.changed(who.userId, message.conversationId, false);
      return score;
    },

    count: (who, id, input) => countMessage(parts, who, id, input),

    recover: () => recoverAnswers(parts),
    purge: (before, signal) => purgeConversations(parts, before, signal),
    async close() {
      closing.abort();
      while (background.size > 0) await Promise.all(background);
    },
    onChange: changes.on,
  };
}
