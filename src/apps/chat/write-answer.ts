// Writes one answer in the background: by an agent, from the documents or by the model itself, into the run log; then
// stores the end of the run and the finished message together. What was written is kept, however it ends.
import type { AgentRunner, WorkOrder } from '../../agent/agents.ts';
import type { RunWriter } from '../../agent/run-log.ts';
import { type AnswerState, answerParts, emptyAnswer, foldAnswer } from '../../contracts/answer-parts.ts';
import type { Conversation, Message } from '../../contracts/conversation.ts';
import { toAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { ModelInfo } from '../../contracts/model.ts';
import type { RunEvent } from '../../contracts/run.ts';
import { answerByKnowledge } from './answer-by-knowledge.ts';
import { answerByModel } from './answer-by-model.ts';
import type { Ended } from './answer-end.ts';
import type { ChatParts } from './chat-parts.ts';
import { indexMessage } from './conversation-text.ts';
import { giveTitle } from './give-title.ts';
import { questionOf } from './grounded-question.ts';
import { endRequest, openRequest, type RequestIds } from './request-span.ts';

export interface AnswerOrder {
  who: Identity;
  conversation: Conversation;
  /** From the root to the message that is answered. */
  path: readonly Message[];
  answer: Message;
  model: string;
  /** The surface that asked. */
  source: 'page' | 'cli';
  /** Null while the model is still being fetched. */
  info: ModelInfo | null;
  /** The documents are read although they seem to hold no answer. */
  readAnyway?: boolean;
  /** `order` is what the run was started with. */
  way: { by: 'model' } | { by: 'knowledge' } | { by: 'agent'; order: WorkOrder };
  /** What an earlier process wrote of it. */
  before?: AnswerState;
}

/** Never rejects. */
export async function writeAnswer(parts: ChatParts, writer: RunWriter, order: AnswerOrder): Promise<void> {
  const { who, conversation, answer } = order;
  let written = order.before ?? emptyAnswer;
  const append = (event: RunEvent) => {
    written = foldAnswer(written, event, parts.now());
    writer.append(event);
  };
  if (order.before === undefined) {
    append({
      type: 'run-start',
      messageId: answer.id,
      model: order.info?.id ?? order.model,
      place: order.info?.place ?? null,
    });
  }

  const request = openRequest(parts, writer.id, order);
  const { finish, model } = await answered(parts, writer, order, request, append);
  const message: Message = {
    ...answer,
    parts: answerParts(written),
    status: finish.status,
    receipt: finish.receipt,
    error: finish.error,
  };
  // An agent's run goes on in the next process, from its events.
  const goesOn = order.way.by === 'agent' && finish.status === 'interrupted';
  if (!goesOn) endRequest(request, finish, message.parts);
  try {
    if (goesOn) await writer.leave();
    else
      await writer.finish(finish, [
        parts.store.db
          .updateTable('messages')
          .set({
            parts: JSON.stringify(message.parts),
            status: message.status,
            receipt: message.receipt === null ? null : JSON.stringify(message.receipt),
            error: message.error === null ? null : JSON.stringify(message.error),
          })
          .where('id', '=', answer.id),
        ...indexMessage(parts.store, who.userId, message),
      ]);
  } catch (thrown) {
    const { code, message: reason } = toAtelierError(thrown);
    parts.log.error('an answer could not be stored; it is recovered from its events', {
      run: writer.id,
      code,
      reason,
    });
  } finally {
    parts.busy.delete(conversation.id);
    parts.changed(who.userId, conversation.id, false);
  }
  if (finish.status === 'complete' && model !== null) {
    const { path, source } = order;
    parts.inBackground(
      giveTitle(parts, who, conversation.id, {
        path,
        source,
        answer: message,
        model,
        plain: order.way.by === 'model',
      }),
    );
  }
}

function answered(
  parts: ChatParts,
  writer: RunWriter,
  order: AnswerOrder,
  request: RequestIds,
  append: (event: RunEvent) => void,
): Promise<Ended> {
  const { way } = order;
  if (way.by === 'agent' && parts.runner !== null)
    return byAgent(parts, parts.runner, writer, way.order, append);
  // Without words there is nothing to search for.
  if (way.by === 'knowledge' && parts.answers !== null && questionOf(order.path.at(-1)) !== '')
    return answerByKnowledge(parts, parts.answers, writer.signal, order, request, append);
  return answerByModel(parts, writer.signal, order, request, append);
}

async function byAgent(
  { registry }: ChatParts,
  runner: AgentRunner,
  writer: RunWriter,
  work: WorkOrder,
  append: (event: RunEvent) => void,
): Promise<Ended> {
  const finish = await runner.run(work, writer, append);
  const model =
    finish.receipt === null ? null : await registry.resolve(finish.receipt.model).catch(() => null);
  return { finish, model: model?.info ?? null };
}
