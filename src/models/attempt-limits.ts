// The time limits of one attempt: until the provider begins to answer, until the first part, until the end.
import { AtelierError } from '../contracts/errors.ts';
import type { RouteSettings } from '../contracts/routing.ts';

export interface AttemptLimits {
  /** Fires with the caller's reason, or with timed_out. */
  signal: AbortSignal;
  /** The provider has begun to answer. */
  connected(): void;
  /** The first part of the answer is there. */
  begun(): void;
  /** The attempt is over; nothing fires any more. */
  done(): void;
}

export function attemptLimits(
  { connectMs, firstTokenMs, totalMs }: Pick<RouteSettings, 'connectMs' | 'firstTokenMs' | 'totalMs'>,
  outer: AbortSignal | undefined,
  model: string,
): AttemptLimits {
  const controller = new AbortController();
  const forward = () => controller.abort(outer?.reason);
  if (outer?.aborted) forward();
  else outer?.addEventListener('abort', forward, { once: true });

  const timer = (ms: number | null, what: string): NodeJS.Timeout | null =>
    ms === null
      ? null
      : setTimeout(
          () =>
            controller.abort(
              new AtelierError('timed_out', `${model} did not ${what} within ${ms / 1000} s.`, {
                data: { model, limitMs: ms },
                retryable: true,
              }),
            ),
          ms,
        );
  const clear = (timeout: NodeJS.Timeout | null) => timeout !== null && clearTimeout(timeout);
  const connect = timer(connectMs, 'begin to answer');
  const first = timer(firstTokenMs, 'give the first part of its answer');
  const total = timer(totalMs, 'end its answer');
  return {
    signal: controller.signal,
    connected: () => clear(connect),
    begun() {
      clear(connect);
      clear(first);
    },
    done() {
      for (const one of [connect, first, total]) clear(one);
      outer?.removeEventListener('abort', forward);
    },
  };
}
