// One subject, one example: asked, judged, and counted from the ledger. Question and judge hang below one root, each
// under a span of its own, so that what the judge took is not the subject's.
import { appReceipt } from '../../apps/app-receipt.ts';
import { callOptions } from '../../apps/chat/build-prompt.ts';
import { toPrompt } from '../../apps/prompts/answer-messages.ts';
import type { Prompts } from '../../apps/prompts/prompts.ts';
import { AtelierError, type ErrorBody, type ErrorCode, toAtelierError } from '../../contracts/errors.ts';
import type { EvaluationInput, Subject } from '../../contracts/evaluation.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Parameters } from '../../contracts/model.ts';
import type { Cost } from '../../contracts/money.ts';
import { type PromptMessage, variablesOf } from '../../contracts/prompt.ts';
import type { Decider } from '../../models/decider.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { CallContext } from '../../models/model-call.ts';
import type { Ledger, OpenSpan } from '../../monitoring/ledger.ts';
import { judgeByModel } from './judges/by-model.ts';
import { judgeChoice } from './judges/choice.ts';
import type { Judged } from './judges/judged.ts';
import { judgePreference } from './judges/preference.ts';
import { judgeText } from './judges/text-judges.ts';
import { type Question, variablesFor } from './question.ts';

export interface AskParts {
  gateway: Gateway;
  decider: Decider;
  ledger: Ledger;
  prompts: Prompts;
}

export interface AskOrder {
  who: Identity;
  evaluation: Pick<EvaluationInput, 'name' | 'judge'>;
  /** Of the judge `choice`. */
  labels: readonly string[];
  subject: Subject;
  question: Question;
  signal: AbortSignal;
}

export interface Asked {
  output: string | null;
  score: number;
  detail: Record<string, unknown>;
  error: ErrorBody | null;
  latencyMs: number;
  costNano: number | null;
  traceId: string;
}

/** What every other example would meet too: it stops the job, which can be resumed, and is no fault of the answer. */
const stoppers: readonly ErrorCode[] = [
  'forbidden',
  'not_found',
  'model_not_found',
  'model_not_installed',
  'model_loading',
  'model_failed',
  'insufficient_memory',
  'budget_exceeded',
  'rate_limited',
  'provider_unauthorized',
  'provider_rate_limited',
  'provider_unreachable',
  'storage_full',
  'storage_failed',
  'interrupted',
];

/** Evaluations are to be repeatable, and a small model may never end by itself. */
const defaultParameters: Parameters = { temperature: 0, maxOutputTokens: 1024 };

/** @throws AtelierError of the kinds that concern every example, and the signal's reason */
export async function ask(parts: AskParts, order: AskOrder): Promise<Asked> {
  const { who, evaluation, subject, question, signal } = order;
  const root = parts.ledger.startSpan({
    name: `evaluation ${evaluation.name}`,
    kind: 'job',
    userId: who.userId,
    source: 'job',
    keyId: who.keyId ?? null,
    attributes: { 'atelier.evaluation.judge': evaluation.judge.type },
    input: { question: question.text, expected: question.expected, subject },
  });
  const below = (span: OpenSpan): CallContext => ({
    identity: who,
    source: 'job',
    parent: { traceId: span.traceId, spanId: span.spanId },
    ...(subject.prompt === null ? {} : { prompt: subject.prompt }),
  });
  /** A part of the work under a span, with what it took. */
  async function part<T>(name: string, work: (context: CallContext) => Promise<T>) {
    const span = parts.ledger.startSpan({
      traceId: root.traceId,
      parentId: root.spanId,
      name,
      kind: 'run',
      userId: who.userId,
    });
    const startedAt = performance.now();
    try {
      const value = await work(below(span));
      const durationMs = performance.now() - startedAt;
      span.end({ status: 'ok' });
      const receipt = await appReceipt(parts.ledger, span, {
        userId: who.userId,
        model: subject.model,
        durationMs,
      });
      return { value, durationMs, receipt };
    } catch (thrown) {
      const error = toAtelierError(thrown);
      span.end({ status: signal.aborted ? 'cancelled' : 'error', error: error.toJSON() });
      throw thrown;
    }
  }

  const startedAt = performance.now();
  try {
    const { messages, parameters } = await sent(parts.prompts, who, subject, question);
    const answered = await part('answer', (context) => answerOf(parts, order, messages, parameters, context));
    const { output, cut } = answered.value;
    const judged = answered.value.judged ?? (await marked(output));
    const { score, detail } = judged;
    root.end({ status: 'ok', model: answered.receipt.model, output: { answer: output, score, detail } });
    return {
      output,
      score,
      detail: { ...detail, ...(cut ? { cut: true } : {}), usage: answered.receipt.usage },
      error: null,
      latencyMs: answered.durationMs,
      costNano: nanoOf(answered.receipt.cost),
      traceId: root.traceId,
    };
  } catch (thrown) {
    const error = toAtelierError(thrown);
    root.end({ status: signal.aborted ? 'cancelled' : 'error', error: error.toJSON() });
    signal.throwIfAborted();
    if (stoppers.includes(error.code)) throw error;
    return {
      output: null,
      score: 0,
      detail: {},
      error: error.toJSON(),
      latencyMs: performance.now() - startedAt,
      costNano: null,
      traceId: root.traceId,
    };
  }

  async function marked(output: string): Promise<Judged> {
    const { judge } = evaluation;
    if (judge.type !== 'model') throw new AtelierError('internal', `The judge ${judge.type} said nothing.`);
    const { value, receipt } = await part('judge', (context) =>
      judgeByModel(parts.decider, judge, question, output, { ...context, name: 'judge' }, signal),
    );
    return { ...value, detail: { ...value.detail, judgeCostNano: nanoOf(receipt.cost) } };
  }
}

interface Answered {
  output: string;
  /** Null: another model is still to say. */
  judged: Judged | null;
  /** The answer met its limit of tokens. */
  cut: boolean;
}

async function answerOf(
  { gateway, decider }: AskParts,
  { evaluation: { judge }, labels, subject, question, signal }: AskOrder,
  messages: readonly PromptMessage[],
  parameters: Parameters,
  context: CallContext,
): Promise<Answered> {
  const { model } = subject;
  if (judge.type === 'choice') {
    const own = subject.prompt === null ? null : messages;
    const { output, ...judged } = await judgeChoice(
      { decider, model, labels, question, messages: own },
      context,
      signal,
    );
    return { output, judged, cut: false };
  }
  if (judge.type === 'preference') {
    const { output, ...judged } = await judgePreference(
      { gateway, model, messages, question },
      context,
      signal,
    );
    return { output, judged, cut: false };
  }
  const result = await gateway.generate(
    model,
    callOptions(toPrompt(messages), parameters, { signal }),
    context,
  );
  const output = result.content.map((one) => (one.type === 'text' ? one.text : '')).join('');
  const judged = judge.type === 'model' ? null : judgeText(judge, output, question.expected);
  return { output, judged, cut: result.finishReason.unified === 'length' };
}

/** What is sent: the example's own messages, or the kept prompt's in their place. */
async function sent(
  prompts: Prompts,
  who: Identity,
  { prompt, parameters }: Subject,
  question: Question,
): Promise<{ messages: readonly PromptMessage[]; parameters: Parameters }> {
  if (prompt === null)
    return { messages: question.messages, parameters: { ...defaultParameters, ...parameters } };
  const kept = await prompts.version(who, prompt.name, prompt.version);
  const variables = variablesFor(variablesOf(kept.messages), question);
  const { messages } = await prompts.resolve(who, prompt.name, { version: prompt.version }, variables);
  return { messages, parameters: { ...defaultParameters, ...kept.parameters, ...parameters } };
}

const nanoOf = (cost: Cost): number | null =>
  cost.kind === 'unknown' ? null : cost.kind === 'none' ? 0 : cost.nanoDollars;
