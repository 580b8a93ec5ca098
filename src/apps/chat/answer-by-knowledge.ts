// The documents answer: what is found stands there first, then the model writes with citations, or the house says that
// the documents hold no answer. The turn is one span; the receipt sums what hangs below it.
import type { GroundedAnswers } from '../../agent/answer-from-knowledge.ts';
import { createReceiptMeter } from '../../agent/receipt.ts';
import { throttledStatus } from '../../agent/throttled-status.ts';
import type { Receipt } from '../../contracts/conversation.ts';
import { toAtelierError } from '../../contracts/errors.ts';
import type { GroundingVerdict } from '../../contracts/knowledge.ts';
import type { ModelInfo } from '../../contracts/model.ts';
import { noticeOf, saidOf } from '../../contracts/notice.ts';
import type { RunEvent } from '../../contracts/run.ts';
import { attribute } from '../../contracts/span.ts';
import type { ModelStream } from '../../models/model-call.ts';
import type { OpenSpan } from '../../monitoring/ledger.ts';
import { type Ended, endOfFailure } from './answer-end.ts';
import { appendPart } from './append-part.ts';
import type { ChatParts } from './chat-parts.ts';
import { groundedQuestion, questionOf } from './grounded-question.ts';
import type { RequestIds } from './request-span.ts';
import type { AnswerOrder } from './write-answer.ts';

const HOUSE = 'house';

/** Never rejects: any failure is an end. */
export async function answerByKnowledge(
  parts: ChatParts,
  answers: GroundedAnswers,
  signal: AbortSignal,
  order: AnswerOrder,
  request: RequestIds,
  append: (event: RunEvent) => void,
): Promise<Ended> {
  const { conversation, who, source } = order;
  const asked = order.path.at(-1);
  const question = questionOf(asked);
  const begun = performance.now();
  const meter = createReceiptMeter(() => performance.now());
  const span = parts.ledger.startSpan({
    traceId: request.traceId,
    parentId: request.spanId,
    name: 'answer from knowledge',
    kind: 'run',
    userId: who.userId,
    conversationId: conversation.id,
    source,
    attributes: {
      [attribute.requestModel]: order.model,
      'atelier.grounding.collections': conversation.knowledge,
    },
    input: [{ role: 'user', content: [{ type: 'text', text: question }] }],
  });
  let stream: ModelStream | null = null;
  let model: ModelInfo | null = order.info;
  let readTokens = 0;
  let text = '';
  let verdict: GroundingVerdict | null = null;
  let following = true;
  const tell = (event: RunEvent) => {
    if (event.type === 'text-delta') text += event.delta;
    append(event);
  };
  const onStatus = throttledStatus(
    (event) => {
      if (following) append(event);
    },
    (total) => {
      readTokens = total;
    },
  );
  const receipt = async (reason: string | null): Promise<Receipt | null> => {
    if (model === null) return null;
    const place = { model, traceId: span.traceId, spanId: span.spanId };
    const own =
      stream === null ? null : meter.receipt({ ...stream, ...place }, { reason, usage: null, readTokens });
    const { usage, cost } = await sumsOf(parts, span, who.userId);
    return {
      ...(own ?? {
        model: model.id,
        place: model.place,
        finishReason: reason ?? 'stop',
        timeToFirstTokenMs: null,
        tokensPerSecond: null,
        traceId: span.traceId,
        spanId: span.spanId,
        ...saidOf([
          noticeOf('no_answer_in_documents', 'The documents hold no answer, so no model wrote one.'),
        ]),
      }),
      usage,
      cost,
      durationMs: Math.round(performance.now() - begun),
    };
  };

  try {
    const events = answers.answer(
      groundedQuestion(
        order.path,
        conversation,
        order.model,
        order.info?.place.kind ?? 'remote',
        order.readAnyway,
      ),
      {
        identity: who,
        source,
        conversationId: conversation.id,
        parent: { traceId: span.traceId, spanId: span.spanId },
      },
      { signal, onStatus },
    );
    for await (const event of events) {
      if (event.type === 'warning') tell({ ...event, type: 'run-warning' });
      else if (event.type === 'sources') {
        verdict = event.verdict;
        tell(event);
      } else if (event.type === 'abstained') {
        tell({ type: 'text-start', id: HOUSE });
        tell({ type: 'text-delta', id: HOUSE, delta: event.text });
        tell({ type: 'text-end', id: HOUSE });
      } else {
        stream = event.stream;
        model = stream.model;
        for await (const part of stream.stream) {
          meter.part(part);
          if (part.type === 'error') throw part.error;
          appendPart(part, tell);
        }
      }
    }
    const finished = await receipt(null);
    span.end({ status: 'ok', model: model?.id ?? null, output: text, attributes: verdictOf(verdict) });
    return { finish: { type: 'run-finish', status: 'complete', receipt: finished, error: null }, model };
  } catch (thrown) {
    const reason = signal.aborted ? (signal.reason === 'shutdown' ? 'interrupted' : 'stopped') : 'error';
    const finished = await receipt(reason);
    const error = toAtelierError(thrown);
    span.end({
      status: signal.aborted ? 'cancelled' : 'error',
      error: signal.aborted ? null : error.toJSON(),
      output: text,
      attributes: verdictOf(verdict),
    });
    return { finish: endOfFailure(parts.log, order.answer.runId, signal, thrown, () => finished), model };
  } finally {
    following = false;
  }
}

const verdictOf = (verdict: GroundingVerdict | null): Record<string, unknown> =>
  verdict === null ? {} : { 'atelier.grounding.verdict': verdict };

/** What all calls below the turn took: retrieval, decision and answer. */
async function sumsOf(
  { ledger, log }: ChatParts,
  span: OpenSpan,
  userId: string,
): Promise<Pick<Receipt, 'usage' | 'cost'>> {
  try {
    await ledger.flush();
    const { summary } = await ledger.getTrace(span.traceId, userId);
    return { usage: summary.usage, cost: summary.cost };
  } catch (thrown) {
    log.error('the sums of an answer could not be read', { message: toAtelierError(thrown).message });
    return {
      usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 },
      cost: { kind: 'unknown' },
    };
  }
}
