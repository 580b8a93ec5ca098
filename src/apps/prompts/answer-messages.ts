// Messages to an answer, through the gateway like every other call: what the playground's columns and a prompt's own
// route show. Nothing is kept but the trace.

import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { awaitModel } from '../../agent/await-model.ts';
import { createReceiptMeter } from '../../agent/receipt.ts';
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import { type AtelierOptions, atelierMetadataSchema, type CallStatus } from '../../contracts/model.ts';
import { type Notice, noticeOf, noticesOf, saidOf } from '../../contracts/notice.ts';
import type { AnswerEvent, AnswerOrder, WholeAnswer } from '../../contracts/playground.ts';
import type { PromptMessage } from '../../contracts/prompt.ts';
import { createLatestQueue, type LatestQueue } from '../../lib/latest-queue.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { CallContext, ModelStream, ResolvedModel } from '../../models/model-call.ts';
import type { ModelRegistry } from '../../models/registry.ts';

export interface AnswerParts {
  gateway: Gateway;
  registry: ModelRegistry;
}

export function toPrompt(messages: readonly PromptMessage[]): LanguageModelV4Prompt {
  return messages.map(({ role, text }) =>
    role === 'system' ? { role, content: text } : { role, content: [{ type: 'text' as const, text }] },
  );
}

/** `onStatus` is a function, which the AI SDK's JSON type does not know; it never leaves the process. */
const asProviderOptions = (atelier: AtelierOptions) => ({ atelier: atelier as Record<string, never> });

function callOptions(
  order: AnswerOrder,
  signal: AbortSignal,
  onStatus: (status: CallStatus) => void,
): LanguageModelV4CallOptions {
  const { minP, repeatPenalty, ...own } = order.parameters;
  const defined = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return {
    ...defined,
    prompt: toPrompt(order.messages),
    abortSignal: signal,
    providerOptions: asProviderOptions({
      ...(minP === undefined ? {} : { minP }),
      ...(repeatPenalty === undefined ? {} : { repeatPenalty }),
      ...(order.topLogprobs === null ? {} : { logprobs: true, topLogprobs: order.topLogprobs }),
      ...(order.messages.at(-1)?.role === 'assistant' ? { continueAnswer: true } : {}),
      onStatus,
    }),
  };
}

const withoutLogprobs = noticeOf(
  'logprobs_refused',
  'The provider refused to tell the probabilities of tokens, so it was asked again without them.',
);

/** Some remote models refuse a call that asks for probabilities, and nothing is charged for a refusal. */
async function begin(
  { gateway }: AnswerParts,
  { info }: ResolvedModel,
  order: AnswerOrder,
  context: CallContext,
  signal: AbortSignal,
  onStatus: (status: CallStatus) => void,
): Promise<{ answer: ModelStream; notes: Notice[] }> {
  const ask = (one: AnswerOrder) => gateway.stream(info.id, callOptions(one, signal, onStatus), context);
  try {
    return { answer: await ask(order), notes: [] };
  } catch (thrown) {
    const refused =
      order.topLogprobs !== null &&
      info.place.kind === 'remote' &&
      isAtelierError(thrown) &&
      thrown.code === 'provider_rejected';
    if (!refused) throw thrown;
    return { answer: await ask({ ...order, topLogprobs: null }), notes: [withoutLogprobs] };
  }
}

async function write(
  parts: AnswerParts,
  order: AnswerOrder,
  context: CallContext,
  signal: AbortSignal,
  tell: (event: AnswerEvent) => void,
): Promise<void> {
  let readTokens = 0;
  const onStatus = (status: CallStatus) => {
    if (status.status === 'reading') readTokens = status.total;
    tell({ type: 'status', status });
  };
  const resolved = await awaitModel(parts.registry, order.model, false, signal, onStatus);
  const meter = createReceiptMeter(() => performance.now());
  const { answer, notes } = await begin(parts, resolved, order, context, signal, onStatus);
  const { model, traceId, spanId } = answer;
  tell({ type: 'start', model: model.id, place: model.place, traceId, spanId });
  for await (const part of answer.stream) {
    meter.part(part);
    if (part.type === 'error') throw part.error;
    if (part.type === 'reasoning-delta') tell({ type: 'reasoning', delta: part.delta });
    else if (part.type === 'text-delta') {
      const logprobs = atelierMetadataSchema.safeParse(part.providerMetadata?.atelier ?? {}).data?.logprobs;
      tell({ type: 'text', delta: part.delta, ...(logprobs?.length ? { logprobs } : {}) });
    }
  }
  const receipt = meter.receipt(answer, { reason: null, usage: null, readTokens });
  tell({ type: 'finish', receipt: { ...receipt, ...saidOf([...notes, ...noticesOf(receipt)]) } });
}

/** A status that nobody has read yet gives way to a newer one; everything else is told in order. */
function teller(queue: LatestQueue<AnswerEvent>): (event: AnswerEvent) => void {
  let number = 0;
  return (event) => queue.put(event.type === 'status' ? 'status' : String(number++), event);
}

/**
 * The answer as it comes. A reader that leaves ends the call.
 * @throws AtelierError of the gateway, before the first event or in the middle
 */
export async function* answerMessages(
  parts: AnswerParts,
  order: AnswerOrder,
  context: CallContext,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const leave = new AbortController();
  const queue = createLatestQueue<AnswerEvent>();
  let failure: unknown = null;
  const writing = write(parts, order, context, AbortSignal.any([signal, leave.signal]), teller(queue))
    .catch((thrown: unknown) => {
      failure = thrown;
    })
    .finally(() => queue.close());
  try {
    yield* queue;
    await writing;
    if (failure !== null) throw failure;
  } finally {
    leave.abort();
  }
}

/** The same, collected. */
export async function wholeAnswer(events: AsyncIterable<AnswerEvent>): Promise<WholeAnswer> {
  const answer: Omit<WholeAnswer, 'receipt'> = { text: '', reasoning: '', logprobs: [] };
  for await (const event of events) {
    if (event.type === 'text') {
      answer.text += event.delta;
      answer.logprobs.push(...(event.logprobs ?? []));
    } else if (event.type === 'reasoning') answer.reasoning += event.delta;
    else if (event.type === 'finish') return { ...answer, receipt: event.receipt };
  }
  throw new AtelierError('internal', 'An answer ended without its receipt.');
}
