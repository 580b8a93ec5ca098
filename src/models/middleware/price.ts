// Last before the provider: one span an attempt, and on the way back its usage and what it cost.
// Usage and cost stand here and nowhere else in a call's tree, so that a sum over the tree counts each charge once.
import { AtelierError, isAtelierError, toAtelierError } from '../../contracts/errors.ts';
import { atelierMetadataSchema } from '../../contracts/model.ts';
import type { Usage } from '../../contracts/money.ts';
import { type Notice, noticesOf } from '../../contracts/notice.ts';
import { attribute, noteAttributes } from '../../contracts/span.ts';
import type { Ledger } from '../../monitoring/ledger.ts';
import { failedSpan } from '../call-attributes.ts';
import type { ModelMiddleware } from '../model-call.ts';
import { openAttempt } from '../open-attempt.ts';
import { priceOf, savedNano, toUsage, usageAttributes } from '../usage.ts';
import { CANCEL_GRACE_MS, watchStream } from '../watch-stream.ts';

export interface PriceOptions {
  ledger: Ledger;
  clock: () => number;
}

/** Rejects soon after `signal` fires, even when the work goes on; what then still comes is given to `late`. */
function orAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  late: (value: T) => void,
): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let gaveUp = false;
    const stop = () => {
      timer = setTimeout(() => {
        gaveUp = true;
        reject(new AtelierError('cancelled', 'The call was cancelled before the model answered.'));
      }, CANCEL_GRACE_MS);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    const settled = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
    work.then(
      (value) => {
        settled();
        if (gaveUp) late(value);
        else resolve(value);
      },
      (error: unknown) => {
        settled();
        reject(error);
      },
    );
  });
}

export function price({ ledger, clock }: PriceOptions): ModelMiddleware {
  return async (call, next) => {
    const { resolved, span: root, context } = call;
    if (!resolved || !root) throw new AtelierError('internal', 'price ran before identify.');
    const { info } = resolved;
    const startedAt = clock();
    const span = openAttempt(ledger, root, info, context);

    // The provider gets a signal of ours, so that it also hears of a consumer that goes away.
    const stop = new AbortController();
    const outer = call.options.abortSignal;
    const forward = () => stop.abort(outer?.reason);
    if (outer?.aborted) forward();
    else outer?.addEventListener('abort', forward, { once: true });
    const release = () => outer?.removeEventListener('abort', forward);

    try {
      const calling = next({
        ...call,
        attempt: span,
        options: { ...call.options, abortSignal: stop.signal },
      });
      const answer = await orAborted(
        calling,
        outer,
        (late) => void late.stream.cancel().catch(() => undefined),
      );
      let usage: Usage | null = null;
      let reached = false;
      /** What the model itself called was charged on spans below, where it stays. */
      let chargedBelow = false;
      let firstAt: number | null = null;
      let responseId: string | undefined;
      const attributes: Record<string, unknown> = {};
      const said: Notice[] = [];

      const stream = watchStream(answer.stream, {
        signal: outer,
        abort: () => stop.abort(outer?.reason),
        part(part) {
          if (part.type === 'stream-start') return;
          reached = true;
          if (part.type === 'response-metadata') {
            responseId = part.id;
          } else if (part.type === 'finish') {
            attributes[attribute.finishReasons] = [part.finishReason.unified];
            const extra = atelierMetadataSchema.safeParse(part.providerMetadata?.atelier ?? {}).data;
            chargedBelow = extra?.chargedBelow ?? false;
            usage = chargedBelow ? null : toUsage(part.usage);
            if (extra?.timings) attributes[attribute.timings] = extra.timings;
            said.push(...noticesOf(extra ?? {}));
          } else firstAt ??= clock();
        },
        end({ status, error }) {
          release();
          // Before its first part the model had not been reached, and nothing was charged.
          const priced = reached && !chargedBelow ? priceOf(usage, info.price) : null;
          if (priced?.note) said.push(priced.note);
          if (priced) call.onCharge?.({ usage, cost: priced.cost });
          const saved = call.reference && priced ? savedNano(usage, priced.cost, call.reference) : null;
          if (saved !== null) attributes[attribute.savedNano] = saved;
          Object.assign(attributes, noteAttributes(said));
          if (responseId) attributes[attribute.responseId] = responseId;
          if (error) attributes[attribute.errorType] = error.code;
          const firstTokenMs = firstAt === null ? null : firstAt - startedAt;
          if (firstTokenMs !== null) attributes[attribute.timeToFirstToken] = firstTokenMs / 1000;
          span.end({
            status,
            error: error?.toJSON() ?? null,
            model: info.id,
            usage,
            cost: priced?.cost ?? null,
            timeToFirstTokenMs: firstTokenMs,
            attributes: { ...attributes, [attribute.price]: info.price, ...usageAttributes(usage) },
          });
          if (status !== 'cancelled' || !error) return undefined;
          return new AtelierError('cancelled', error.message, { data: { ...error.data, usage } });
        },
      });
      return { ...answer, stream };
    } catch (thrown) {
      release();
      stop.abort();
      // A limit of ours may have ended the attempt; the caller is still there then.
      const error = isAtelierError(outer?.reason)
        ? outer.reason
        : outer?.aborted
          ? new AtelierError('cancelled', 'The call was cancelled before the model answered.', {
              data: { usage: null },
            })
          : toAtelierError(thrown);
      span.end(failedSpan(error, info.id));
      throw error;
    }
  };
}
