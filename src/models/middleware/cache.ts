// Before a model is asked: the same request of the same person, where the alias says so. Exact: every field that could
// change the answer is part of the key.
import { createHash } from 'node:crypto';
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { AtelierError } from '../../contracts/errors.ts';
import type { Cost } from '../../contracts/money.ts';
import { attribute } from '../../contracts/span.ts';
import type { Ledger } from '../../monitoring/ledger.ts';
import type { AnswerCache, CachedAnswer } from '../answer-cache.ts';
import type { Charge, ModelCall, ModelMiddleware, ModelStream } from '../model-call.ts';
import { openAttempt } from '../open-attempt.ts';
import { routedOf } from '../try-in-turn.ts';
import { watchStream } from '../watch-stream.ts';

const HOUR_MS = 3_600_000;
/** What is larger is no answer that anybody asks for twice. */
const MAX_PARTS = 20_000;

function keyOf({ options, context, plan }: ModelCall): string {
  const { abortSignal: _signal, headers: _headers, includeRawChunks: _raw, ...rest } = options;
  const { onStatus: _status, ...atelier } = { onStatus: undefined, ...rest.providerOptions?.atelier };
  const asked = { ...rest, providerOptions: { ...rest.providerOptions, atelier } };
  const whole = JSON.stringify(
    [context.identity.userId, plan?.candidates[0].info.id, asked],
    (_key, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value),
  );
  return createHash('sha256').update(whole).digest('hex');
}

/** Deltas of one block that follow each other become one, and times that will not be true again are left out. */
function compacted(parts: readonly LanguageModelV4StreamPart[]): LanguageModelV4StreamPart[] {
  const kept: LanguageModelV4StreamPart[] = [];
  for (const part of parts) {
    const before = kept.at(-1);
    const joins =
      (part.type === 'text-delta' || part.type === 'reasoning-delta') &&
      before?.type === part.type &&
      before.id === part.id &&
      part.providerMetadata === undefined &&
      before.providerMetadata === undefined;
    if (joins) kept[kept.length - 1] = { ...before, delta: before.delta + part.delta };
    else kept.push(part);
  }
  return kept;
}

function replay(entry: CachedAnswer): ReadableStream<LanguageModelV4StreamPart> {
  const parts = [...entry.parts];
  return new ReadableStream<LanguageModelV4StreamPart>(
    {
      pull(controller) {
        const part = parts.shift();
        if (part === undefined) controller.close();
        else controller.enqueue(part);
      },
    },
    { highWaterMark: 0 },
  );
}

export function cache({ answers, ledger }: { answers: AnswerCache; ledger: Ledger }): ModelMiddleware {
  function hit(call: ModelCall, entry: CachedAnswer): ModelStream {
    const { plan, span: root, context } = call;
    if (!plan || !root) throw new AtelierError('internal', 'cache ran before identify.');
    const [candidate] = plan.candidates;
    const { info } = candidate;
    openAttempt(ledger, root, info, context, 'cache').end({
      status: 'ok',
      model: info.id,
      cost: { kind: 'none' },
      attributes: entry.costNano === null ? {} : { [attribute.savedNano]: entry.costNano },
    });
    return {
      stream: replay(entry),
      model: info,
      traceId: root.traceId,
      spanId: root.spanId,
      routed: { ...routedOf(plan, candidate, 0, []), cache: 'hit' },
    };
  }

  return async (call, next) => {
    const { plan } = call;
    if (!plan?.settings?.cache) return next(call);
    const key = keyOf(call);
    const entry = await answers.get(key);
    if (entry) return hit(call, entry);

    const charges: Charge[] = [];
    const answer = await next({
      ...call,
      onCharge(charge) {
        charges.push(charge);
        call.onCharge?.(charge);
      },
    });
    const parts: LanguageModelV4StreamPart[] = [];
    const keepHours = plan.settings.cacheHours;
    const stream = watchStream(answer.stream, {
      part(part) {
        if (part.type !== 'raw' && parts.length <= MAX_PARTS) parts.push(part);
      },
      end({ status }) {
        // Only what the model that was named answered: a fallback's answer must not stay in its place.
        const whole =
          status === 'ok' &&
          // Bytes would not come back as they were.
          !parts.some(({ type }) => type === 'file') &&
          parts.length <= MAX_PARTS &&
          answer.model.id === plan.candidates[0].info.id;
        if (whole)
          answers.put({
            key,
            userId: call.context.identity.userId,
            model: answer.model.id,
            answer: { parts: compacted(parts), costNano: costNanoOf(charges.at(-1)?.cost ?? null) },
            keepMs: keepHours * HOUR_MS,
          });
        return undefined;
      },
    });
    const routed = answer.routed ?? routedOf(plan, plan.candidates[0], 1, []);
    return { ...answer, stream, routed: { ...routed, cache: 'miss' } };
  };
}

const costNanoOf = (cost: Cost | null): number | null => (cost?.kind === 'known' ? cost.nanoDollars : null);
