// The model itself answers: its stream becomes the run's events.
import { awaitModel } from '../../agent/await-model.ts';
import { createReceiptMeter, type ReceiptMeter } from '../../agent/receipt.ts';
import { throttledStatus } from '../../agent/throttled-status.ts';
import type { Receipt } from '../../contracts/conversation.ts';
import type { Usage } from '../../contracts/money.ts';
import type { RunEvent } from '../../contracts/run.ts';
import type { ModelStream } from '../../models/model-call.ts';
import { type Ended, endOfFailure } from './answer-end.ts';
import { appendPart } from './append-part.ts';
import { buildPrompt, callOptions } from './build-prompt.ts';
import type { ChatParts } from './chat-parts.ts';
import type { RequestIds } from './request-span.ts';
import type { AnswerOrder } from './write-answer.ts';

/** Never rejects: any failure is an end. */
export async function answerByModel(
  parts: ChatParts,
  signal: AbortSignal,
  order: AnswerOrder,
  request: RequestIds,
  append: (event: RunEvent) => void,
): Promise<Ended> {
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
    const { info } = await awaitModel(registry, order.model, order.info === null, signal, onStatus);
    meter = createReceiptMeter(() => performance.now());
    const prompt = buildPrompt(order.conversation.system, order.path, info.place.kind);
    stream = await gateway.stream(
      // As it was chosen: a name may have a route, with fallbacks and a cache.
      order.model,
      callOptions(prompt, order.conversation.parameters, { signal, onStatus }),
      {
        identity: order.who,
        source: order.source,
        conversationId: order.conversation.id,
        parent: { traceId: request.traceId, spanId: request.spanId },
      },
    );
    for await (const part of stream.stream) {
      meter.part(part);
      if (part.type === 'error') throw part.error;
      appendPart(part, append);
    }
    return {
      finish: { type: 'run-finish', status: 'complete', receipt: receipt(null, null), error: null },
      model: stream.model,
    };
  } catch (thrown) {
    return {
      finish: endOfFailure(parts.log, order.answer.runId, signal, thrown, receipt),
      model: stream?.model ?? null,
    };
  } finally {
    following = false;
  }
}
