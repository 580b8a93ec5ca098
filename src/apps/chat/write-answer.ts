// Writes one answer in the background: waits for its model, follows the stream into the run log, and stores the end of
// the run and the finished message together. What was written is kept, however it ends.
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { awaitModel } from '../../agent/await-model.ts';
import { createReceiptMeter, type ReceiptMeter, warningText } from '../../agent/receipt.ts';
import type { RunWriter } from '../../agent/run-log.ts';
import { throttledStatus } from '../../agent/throttled-status.ts';
import type { Conversation, Message, Receipt } from '../../contracts/conversation.ts';
import { isAtelierError, toAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { ModelInfo } from '../../contracts/model.ts';
import type { Usage } from '../../contracts/money.ts';
import type { RunEvent } from '../../contracts/run.ts';
import type { ModelStream } from '../../models/model-call.ts';
import { createAnswerParts } from './answer-parts.ts';
import { buildPrompt, callOptions } from './build-prompt.ts';
import type { ChatParts } from './chat-parts.ts';
import { indexMessage } from './conversation-text.ts';
import { giveTitle } from './give-title.ts';

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
}

type Finish = Extract<RunEvent, { type: 'run-finish' }>;

/** Never rejects. */
export async function writeAnswer(parts: ChatParts, writer: RunWriter, order: AnswerOrder): Promise<void> {
  const { who, conversation, answer } = order;
  const written = createAnswerParts();
  const append = (event: RunEvent) => {
    written.add(event);
    writer.append(event);
  };
  append({
    type: 'run-start',
    messageId: answer.id,
    model: order.info?.id ?? order.model,
    place: order.info?.place ?? null,
  });

  const { finish, model } = await followModel(parts, writer, order, append);
  const message: Message = {
    ...answer,
    parts: written.parts(),
    status: finish.status,
    receipt: finish.receipt,
    error: finish.error,
  };
  try {
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
    parts.inBackground(giveTitle(parts, who, conversation.id, { path, source, answer: message, model }));
  }
}

/** Calls the model and appends what it writes. Never rejects: any failure is an end. */
async function followModel(
  parts: ChatParts,
  writer: RunWriter,
  order: AnswerOrder,
  append: (event: RunEvent) => void,
): Promise<{ finish: Finish; model: ModelInfo | null }> {
  const { gateway, registry } = parts;
  let stream: ModelStream | null = null;
  let meter: ReceiptMeter | null = null;
  let readTokens = 0;
  // An engine may tell of one more batch after it was asked to stop, when the run has its end already.
  let following = true;
  const onStatus = throttledStatus(
    (event) => {
      if (following) append(event);
    },
    (total) => {
      readTokens = total;
    },
  );
  const receipt = (reason: string | null, usage: Usage | null): Receipt | null =>
    stream === null || meter === null ? null : meter.receipt(stream, { reason, usage, readTokens });

  try {
    const { info } = await awaitModel(registry, order.model, order.info === null, writer.signal, onStatus);
    meter = createReceiptMeter(() => performance.now());
    const prompt = buildPrompt(order.conversation.system, order.path, info.place.kind);
    stream = await gateway.stream(
      info.id,
      callOptions(prompt, order.conversation.parameters, { signal: writer.signal, onStatus }),
      { identity: order.who, source: order.source, conversationId: order.conversation.id },
    );
    for await (const part of stream.stream) {
      meter.part(part);
      if (part.type === 'error') throw part.error;
      appendPart(part, append);
    }
    return {
      finish: { type: 'run-finish', status: 'complete', receipt: receipt(null, null), error: null },
      model: info,
    };
  } catch (thrown) {
    const error = toAtelierError(thrown);
    const model = stream?.model ?? null;
    if (writer.signal.aborted) {
      const status = writer.signal.reason === 'shutdown' ? 'interrupted' : 'stopped';
      const usage = isAtelierError(thrown) ? ((thrown.data.usage as Usage | null | undefined) ?? null) : null;
      return { finish: { type: 'run-finish', status, receipt: receipt(status, usage), error: null }, model };
    }
    if (error.code === 'internal')
      parts.log.error('an answer failed', { run: writer.id, message: error.message });
    const end: Finish = {
      type: 'run-finish',
      status: 'failed',
      receipt: receipt('error', null),
      error: error.toJSON(),
    };
    return { finish: end, model };
  } finally {
    following = false;
  }
}

/** Parts that say how the stream goes and are not shown. */
const silent = new Set<LanguageModelV4StreamPart['type']>(['response-metadata', 'finish', 'raw', 'error']);

function appendPart(part: LanguageModelV4StreamPart, append: (event: RunEvent) => void): void {
  switch (part.type) {
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-end':
      append({ type: part.type, id: part.id });
      return;
    case 'text-delta':
    case 'reasoning-delta':
      if (part.delta !== '') append({ type: part.type, id: part.id, delta: part.delta });
      return;
    case 'stream-start':
      for (const warning of part.warnings) append({ type: 'run-warning', message: warningText(warning) });
      return;
    default:
      if (!silent.has(part.type)) {
        append({ type: 'run-warning', message: `The model sent ${part.type}, which the chat cannot show.` });
      }
  }
}
