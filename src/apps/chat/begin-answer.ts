// From a person's message to an answer that is being written: everything that can be refused is refused before anything
// is stored; then message, empty answer, head, title, index and run are stored in one batch.

import type { Conversation, Message } from '../../contracts/conversation.ts';
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { ModelInfo } from '../../contracts/model.ts';
import { newId } from '../../lib/ids.ts';
import { notAChatModel } from '../../models/not-a-chat-model.ts';
import { checkChosenFor, modelOf, wayOf, workOrderOf } from './answer-way.ts';
import { buildPrompt, callOptions, tokenBound } from './build-prompt.ts';
import type { ChatParts } from './chat-parts.ts';
import type { SendInput, Sent } from './chat-service.ts';
import { conversationOf, messageOf, messagesOf, toMessageRow } from './conversation-rows.ts';
import { indexMessage, indexTitle } from './conversation-text.ts';
import { checkParts } from './message-input.ts';
import { pathTo } from './message-tree.ts';
import { CHAT_RUN, recoverAnswer } from './recover-answers.ts';
import { requestIds } from './request-span.ts';
import { firstWords } from './titles.ts';
import { type AnswerOrder, writeAnswer } from './write-answer.ts';

export async function send(parts: ChatParts, who: Identity, id: string, input: SendInput): Promise<Sent> {
  checkParts(input.parts);
  const conversation = await conversationOf(parts.store, who.userId, id);
  return exclusively(parts, conversation.id, async () => {
    const messages = await messagesAtRest(parts, conversation.id);
    const parentId = parentOf(conversation, messages, input.parentId);
    return beginAnswer(parts, who, {
      conversation,
      before: pathTo(messages, parentId),
      question: newMessage(parts, { conversationId: id, parentId, role: 'user', parts: input.parts }),
      isNew: true,
      model: input.model,
      readAnyway: input.readAnyway,
      source: input.source ?? 'page',
    });
  });
}

export async function regenerate(
  parts: ChatParts,
  who: Identity,
  messageId: string,
  { model, readAnyway, source = 'page' }: Pick<SendInput, 'model' | 'readAnyway' | 'source'>,
): Promise<Sent> {
  const answer = await messageOf(parts.store, who.userId, messageId);
  const conversation = await conversationOf(parts.store, who.userId, answer.conversationId);
  return exclusively(parts, conversation.id, async () => {
    const path = pathTo(await messagesAtRest(parts, conversation.id), answer.parentId);
    const question = path.pop();
    if (answer.role !== 'assistant' || question === undefined) {
      throw new AtelierError(
        'invalid_request',
        'Only an answer can be written again. To change a question, send it anew.',
        {
          data: { messageId },
        },
      );
    }
    const order = {
      conversation,
      before: path,
      question,
      isNew: false,
      model,
      readAnyway,
      source,
    };
    return beginAnswer(parts, who, order);
  });
}

/** One answer of a conversation at a time. The place is given back when it is written, or when nothing came of it. */
async function exclusively(parts: ChatParts, id: string, begin: () => Promise<Sent>): Promise<Sent> {
  if (parts.busy.has(id)) {
    throw new AtelierError(
      'conflict',
      'An answer of this conversation is still being written. Wait for it or stop it.',
      {
        data: { conversationId: id },
        retryable: true,
      },
    );
  }
  parts.busy.add(id);
  try {
    return await begin();
  } catch (error) {
    parts.busy.delete(id);
    throw error;
  }
}

/** The messages, after an answer that nobody writes any more was marked (its end could not be stored). */
async function messagesAtRest(parts: ChatParts, conversationId: string): Promise<Message[]> {
  const messages = await messagesOf(parts.store, conversationId);
  const left = messages.filter((message) => message.status === 'running');
  if (left.length === 0) return messages;
  const orphans = await parts.runs.orphans();
  for (const run of orphans)
    if (run.conversationId === conversationId) await recoverAnswer(parts, run, false);
  return messagesOf(parts.store, conversationId);
}

function parentOf(
  conversation: Conversation,
  messages: readonly Message[],
  asked: string | null | undefined,
): string | null {
  const id = asked === undefined ? conversation.headId : asked;
  if (id === null) return null;
  const parent = messages.find((message) => message.id === id);
  if (parent?.role === 'assistant') return id;
  throw new AtelierError(
    'invalid_request',
    parent === undefined
      ? `The message ${id} is not in this conversation.`
      : `The message ${id} is a question; a message follows an answer or, with parentId null, begins a branch.`,
    { data: { parentId: id } },
  );
}

function newMessage(
  { now }: ChatParts,
  fields: Pick<Message, 'conversationId' | 'parentId' | 'role' | 'parts'>,
): Message {
  const createdAt = now();
  // Ids sort by time: an answer's is a millisecond later than its question's, so that rows of one batch keep their order.
  const id = newId('msg', createdAt + (fields.role === 'assistant' ? 1 : 0));
  return {
    ...fields,
    id,
    status: 'complete',
    runId: null,
    receipt: null,
    error: null,
    score: null,
    createdAt,
  };
}

interface Order {
  conversation: Conversation;
  before: readonly Message[];
  question: Message;
  isNew: boolean;
  /** For this answer only. */
  model: string | undefined;
  readAnyway: boolean | undefined;
  source: AnswerOrder['source'];
}

async function beginAnswer(parts: ChatParts, who: Identity, order: Order): Promise<Sent> {
  const { store, runs, now } = parts;
  const { before, question } = order;
  const path = [...before, question];
  const { source } = order;
  const way = await wayOf(parts, who, order.conversation);
  const model = modelOf(way, order.conversation, order.model);
  const info = await chatModel(parts, model);
  await checkChosenFor(parts.registry, who, way, model);
  // An agent and a grounded answer choose what they read; the model itself reads all of it.
  if (info !== null && way.by === 'model') await checkFits(parts, info, order.conversation, path);
  const place = info?.place.kind ?? 'remote';
  const runId = newId('run', now());
  const work =
    way.by === 'agent'
      ? workOrderOf(way.agent, who, order.conversation, path, {
          model,
          source,
          place,
          parent: requestIds(runId),
        })
      : null;

  const conversationId = order.conversation.id;
  const empty = newMessage(parts, { conversationId, parentId: question.id, role: 'assistant', parts: [] });
  const answer: Message = { ...empty, status: 'running', runId };
  const title = order.conversation.title ?? firstWords(question.parts);
  const conversation: Conversation = {
    ...order.conversation,
    title,
    headId: answer.id,
    updatedAt: answer.createdAt,
  };
  const rows = order.isNew ? [toMessageRow(question), toMessageRow(answer)] : [toMessageRow(answer)];

  const run = {
    id: runId,
    kind: CHAT_RUN,
    userId: who.userId,
    conversationId,
    messageId: answer.id,
    ...(work === null ? {} : { agent: work.agent.name, workOrder: work }),
  };
  const writer = await runs.start(run, [
    store.db.insertInto('messages').values(rows),
    store.db
      .updateTable('conversations')
      .set((eb) => ({
        head_id: answer.id,
        updated_at: conversation.updatedAt,
        title: eb.fn.coalesce('title', eb.val(title)),
      }))
      .where('id', '=', conversationId)
      .where('user_id', '=', who.userId),
    ...(order.isNew ? indexMessage(store, who.userId, question) : []),
    ...(order.conversation.title === null ? indexTitle(store, who.userId, conversationId, title) : []),
  ]);
  void writeAnswer(parts, writer, {
    who,
    conversation,
    path,
    answer,
    model,
    source,
    info,
    readAnyway: order.readAnyway === true,
    way: work === null ? (way.by === 'knowledge' ? way : { by: 'model' }) : { by: 'agent', order: work },
  });
  parts.changed(who.userId, conversationId, true);
  return { conversation, user: order.isNew ? question : null, assistant: answer };
}

/** Null while the model is still being fetched: the message is taken, and its answer waits. */
async function chatModel({ registry }: ChatParts, model: string): Promise<ModelInfo | null> {
  try {
    const { info } = await registry.resolve(model);
    if (info.kind === 'chat') return info;
    throw notAChatModel(info);
  } catch (thrown) {
    if (isAtelierError(thrown) && thrown.code === 'model_loading') return null;
    throw thrown;
  }
}

async function checkFits(
  { gateway }: ChatParts,
  info: ModelInfo,
  conversation: Conversation,
  path: readonly Message[],
): Promise<void> {
  const { contextLength } = info;
  if (contextLength === null) return;
  const prompt = buildPrompt(conversation.system, path, info.place.kind);
  if (tokenBound(prompt) < contextLength) return;
  const promptTokens = await gateway.countTokens(info.id, callOptions(prompt, conversation.parameters));
  if (promptTokens === null || promptTokens < contextLength) return;
  throw new AtelierError(
    'context_overflow',
    `The conversation has ${promptTokens} tokens and the context of ${info.id} holds ${contextLength}, answer included. ` +
      'Shorten the message or the attached text, begin a new conversation, or choose a model with a longer context.',
    { data: { promptTokens, contextLength, model: info.id } },
  );
}
