// Calls whose body passes through as it is: who may call, budget, fallback, price and trace are those of any other call, and
// the bytes are only read along with. A fallback is possible until the provider begins to answer.
import type { Admit, Ticket } from '../contracts/admission.ts';
import { AtelierError, isAtelierError, toAtelierError } from '../contracts/errors.ts';
import type { ModelInfo } from '../contracts/model.ts';
import { noticeOf } from '../contracts/notice.ts';
import type { Routed } from '../contracts/routing.ts';
import { attribute, noteAttributes } from '../contracts/span.ts';
import type { Ledger, OpenSpan } from '../monitoring/ledger.ts';
import { type AttemptLimits, attemptLimits } from './attempt-limits.ts';
import { contextAttributes, failedSpan, modelAttributes, routedAttributes } from './call-attributes.ts';
import { conversationKey, planFor } from './canary.ts';
import { checkScope } from './check-scope.ts';
import { estimateOutput, tokensOfText } from './estimate-tokens.ts';
import type { Gateway } from './gateway.ts';
import type {
  CallContext,
  ModelPlan,
  RelayedAnswer,
  ResolvedModel,
  WireDialect,
  WireRequest,
} from './model-call.ts';
import { openAttempt } from './open-attempt.ts';
import { fieldsWithOtherModels } from './other-models.ts';
import { createRelayReader, type RelaySummary } from './providers/relay/read-usage.ts';
import type { ModelRegistry } from './registry.ts';
import { tryInTurn } from './try-in-turn.ts';
import { priceOf, savedNano, toUsage, usageAttributes } from './usage.ts';
import { outputOf, recordedBody, wireParameters } from './wire-attributes.ts';

export interface RelayThroughOptions {
  registry: ModelRegistry;
  ledger: Ledger;
  admit: Admit;
  clock: () => number;
  random: () => number;
  /** A step that must see the parts of an answer, such as a cache, takes calls from here. */
  needsParts: (plan: ModelPlan) => boolean;
}

interface Attempted {
  relayed: RelayedAnswer;
  candidate: ResolvedModel;
  span: OpenSpan;
  startedAt: number;
  limits: AttemptLimits | null;
}

export function relayThrough(options: RelayThroughOptions): Gateway['relay'] {
  const { registry, ledger, admit, clock, random, needsParts } = options;

  async function attempt(
    candidate: ResolvedModel,
    plan: ModelPlan,
    wire: WireRequest,
    context: CallContext,
    root: OpenSpan,
  ): Promise<Attempted> {
    const span = openAttempt(ledger, root, candidate.info, context);
    const startedAt = clock();
    const limits =
      plan.settings === null ? null : attemptLimits(plan.settings, wire.signal, candidate.info.id);
    try {
      if (!candidate.relay) throw new AtelierError('internal', `${candidate.info.id} has no relay.`);
      const relayed = await candidate.relay(limits === null ? wire : { ...wire, signal: limits.signal });
      limits?.connected();
      return { relayed, candidate, span, startedAt, limits };
    } catch (thrown) {
      limits?.done();
      const error = endOf(thrown, wire.signal, limits);
      span.end(failedSpan(error, candidate.info.id));
      throw error;
    }
  }

  return async (asked, wire, context) => {
    // A refusal of the registry is traced by the path that takes over.
    const plan = await planFor(registry, asked, context, () =>
      conversationKey(context, beginningOf(wire)),
    ).catch(() => null);
    if (plan === null || needsParts(plan)) return null;
    if (!plan.candidates.every(({ relays }) => relays?.includes(wire.dialect))) return null;

    const [{ info }] = plan.candidates;
    const openedAt = clock();
    const root = ledger.startSpan({
      ...(context.parent ? { traceId: context.parent.traceId, parentId: context.parent.spanId } : {}),
      name: context.name ?? `chat ${info.id}`,
      kind: 'model',
      userId: context.identity.userId,
      conversationId: context.conversationId ?? null,
      source: context.source,
      keyId: context.identity.keyId ?? null,
      app: context.app ?? null,
      attributes: {
        ...contextAttributes(asked, context, 'chat'),
        ...wireParameters(wire.body),
        ...modelAttributes(info),
        [attribute.price]: info.price,
      },
      input: recordedBody(wire.body),
    });
    let ticket: Ticket | null = null;
    try {
      checkScope(context, plan);
      checkOtherModels(context, wire);
      const pending = admit({
        identity: context.identity,
        app: context.app ?? null,
        models: plan.candidates.map((candidate) => candidate.info),
        estimate: estimateOf(wire, plan),
      });
      ticket = pending instanceof Promise ? await pending : pending;
      const { answer, routed } = await tryInTurn(plan, { signal: wire.signal, random }, (candidate) =>
        attempt(candidate, plan, wire, context, root),
      );
      const { limits, warnings } = ticket;
      return {
        status: answer.relayed.status,
        headers: answer.relayed.headers,
        body: readAlong({ ...answer, routed, root, ticket, wire, plan, openedAt, clock }),
        model: answer.candidate.info,
        traceId: root.traceId,
        routed,
        ...(limits ? { limits } : {}),
        ...(warnings.length > 0 ? { warnings } : {}),
      };
    } catch (thrown) {
      const error = endOf(thrown, wire.signal, null);
      ticket?.settle({ usage: null, cost: null, reached: false, estimatedOutput: 0 });
      root.end(failedSpan(error, info.id));
      throw error;
    }
  };
}

/** Its messages, under whichever name the wire has for them. */
function beginningOf({ body }: WireRequest): string | { role?: unknown }[] {
  const messages = body.messages ?? body.input;
  if (typeof messages === 'string') return messages;
  return Array.isArray(messages) ? messages.filter((one) => typeof one === 'object' && one !== null) : '';
}

/** What the provider would ask in our name is nothing that a scope could be held against. @throws AtelierError forbidden */
function checkOtherModels({ identity }: CallContext, { body }: WireRequest): void {
  if (identity.models == null) return;
  const [field] = fieldsWithOtherModels(body);
  if (field === undefined) return;
  throw new AtelierError(
    'forbidden',
    `This key is for some models, and ${field} may name others. Leave it out, or ask for an alias with fallbacks.`,
    { data: { param: field, models: identity.models } },
  );
}

/** A limit of ours says so itself; a caller that went away is a cancellation; all else is what it is. */
function endOf(thrown: unknown, outer: AbortSignal, limits: AttemptLimits | null): AtelierError {
  if (isAtelierError(limits?.signal.reason)) return limits.signal.reason;
  if (outer.aborted)
    return new AtelierError('cancelled', 'The call was cancelled before the answer was complete.');
  return toAtelierError(thrown);
}

/** Where each wire says how long an answer may be. A field of another wire bounds nothing: its provider ignores it. */
const lengthFields: Record<WireDialect, readonly string[]> = {
  'openai-chat': ['max_completion_tokens', 'max_tokens'],
  'openai-responses': ['max_output_tokens'],
  'anthropic-messages': ['max_tokens'],
};
const MOST_TOKENS = 2 ** 31;

/** The body is the caller's and nobody has checked it: what is no count must not make a reservation small. */
function countsOf(body: Record<string, unknown>, names: readonly string[]): number[] {
  // Open servers also take a number in quotes.
  const values = names.map((name) => (typeof body[name] === 'string' ? Number(body[name]) : body[name]));
  return values.filter(
    (value): value is number =>
      typeof value === 'number' && Number.isInteger(value) && value > 0 && value < MOST_TOKENS,
  );
}

function estimateOf({ body, dialect }: WireRequest, plan: ModelPlan) {
  let known: { input: number; output: number } | null = null;
  return () => {
    if (known) return known;
    const lengths = countsOf(body, lengthFields[dialect]);
    const output = estimateOutput(
      lengths.length > 0 ? Math.max(...lengths) : undefined,
      plan.candidates.map(({ info }) => info),
    );
    const [choices = 1] = dialect === 'openai-chat' ? countsOf(body, ['n']) : [];
    known = {
      input: tokensOfText(JSON.stringify(body)),
      output: Math.min(output * choices, MOST_TOKENS),
    };
    return known;
  };
}

interface Along extends Attempted {
  root: OpenSpan;
  ticket: Ticket;
  wire: WireRequest;
  plan: ModelPlan;
  openedAt: number;
  clock: () => number;
  routed: Routed;
}

/** The body as it came; when it ends, fails or is left, both spans end and the budget is told. */
function readAlong(along: Along): ReadableStream<Uint8Array> {
  const { relayed, wire, clock, limits } = along;
  const reader = createRelayReader(wire.dialect, relayed.headers['content-type'] ?? '');
  const source = relayed.body.getReader();
  let firstAt: number | null = null;
  let ended = false;

  function end(failure: AtelierError | null): AtelierError | null {
    if (ended) return failure;
    ended = true;
    limits?.done();
    for (const chunk of relayed.hidden()) reader.push(chunk);
    return finish(along, reader.end(), firstAt, failure);
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await source.read();
          if (next.done) {
            end(null);
            controller.close();
            return;
          }
          reader.push(next.value);
          if (firstAt === null && reader.firstTokenSeen) {
            firstAt = clock();
            limits?.begun();
          }
          controller.enqueue(next.value);
        } catch (thrown) {
          controller.error(end(endOf(thrown, wire.signal, limits)));
        }
      },
      cancel(reason) {
        end(new AtelierError('cancelled', 'The caller went away before the answer was complete.'));
        return source.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function finish(along: Along, summary: RelaySummary, firstAt: number | null, failure: AtelierError | null) {
  const { candidate, span, root, ticket, plan, startedAt, openedAt, routed, relayed } = along;
  const { info } = candidate;
  const error =
    failure ??
    (summary.error !== null
      ? relayed.toError(summary.error)
      : summary.finishReason === null
        ? cut(info)
        : null);
  const status = error === null ? 'ok' : error.code === 'cancelled' ? 'cancelled' : 'error';
  const usage = summary.usage === null ? null : toUsage(summary.usage);
  const priced = priceOf(usage, info.price);
  // Which of OpenRouter's chain has answered, and at what price, does not stand in the answer in a way to rely on.
  const others = fieldsWithOtherModels(along.wire.body).filter((field) => field !== 'fallbacks');
  const why = [...summary.beyondTokens, ...others.map((field) => `other models in ${field}`)];
  const beyond = why.length > 0 && priced.cost.kind === 'known';
  const cost = beyond ? { kind: 'unknown' as const } : priced.cost;
  const said = [
    ...(priced.note ? [priced.note] : []),
    ...(beyond
      ? [noticeOf('cost_unknown', `The cost is unknown: ${why.join(', ')}.`, { reason: why.join(', ') })]
      : []),
    ...(summary.malformed > 0
      ? [
          noticeOf('events_unreadable', `${summary.malformed} events of the provider could not be read.`, {
            events: summary.malformed,
          }),
        ]
      : []),
  ];
  const reference = plan.reference && plan.reference.id !== info.id ? plan.reference.price : null;
  const saved = reference ? savedNano(usage, cost, reference) : null;
  const since = (from: number) => (firstAt === null ? null : firstAt - from);
  const finishReasons = summary.finishReason
    ? { [attribute.finishReasons]: [summary.finishReason.unified] }
    : {};
  const failed = error ? { [attribute.errorType]: error.code } : {};
  span.end({
    status,
    error: error?.toJSON() ?? null,
    model: info.id,
    usage,
    cost,
    timeToFirstTokenMs: since(startedAt),
    attributes: {
      [attribute.price]: info.price,
      ...usageAttributes(usage),
      ...finishReasons,
      ...failed,
      ...(summary.responseId ? { [attribute.responseId]: summary.responseId } : {}),
      ...noteAttributes(said),
      ...(saved === null ? {} : { [attribute.savedNano]: saved }),
    },
  });
  root.end({
    status,
    error: error?.toJSON() ?? null,
    model: info.id,
    timeToFirstTokenMs: since(openedAt),
    output: outputOf(summary),
    attributes: {
      ...(info.id === plan.candidates[0].info.id ? {} : modelAttributes(info)),
      ...finishReasons,
      ...failed,
      ...routedAttributes(routed),
    },
  });
  const written = [summary.text, summary.reasoning, ...summary.toolCalls.map((call) => call.arguments)];
  ticket.settle({
    usage,
    cost,
    reached: true,
    estimatedOutput: written.reduce((sum, text) => sum + tokensOfText(text), 0),
  });
  return error;
}

const cut = ({ id }: ModelInfo) =>
  new AtelierError('provider_failed', `The answer of ${id} was cut off before it was complete. Ask again.`, {
    retryable: true,
  });
