// When a failed attempt is made again, when another model is asked instead, and how long is waited: small rules that the
// routes of both paths (parts and bytes) share.
import type { AtelierError, ErrorCode } from '../contracts/errors.ts';

/** Longer than this nobody waits in front of a page; the next model is asked, or the caller is told when. */
const LONGEST_WAIT_MS = 20_000;
const FIRST_WAIT_MS = 300;

/** Faults of a model or its provider, for which another one may answer. A fault of the caller stays one everywhere. */
const anotherMayAnswer: ReadonlySet<ErrorCode> = new Set([
  'model_not_found',
  'model_not_installed',
  'model_loading',
  'model_failed',
  'insufficient_memory',
  'context_overflow',
  'unsupported_content',
  'provider_unauthorized',
  'provider_rate_limited',
  'provider_failed',
  'provider_unreachable',
  'timed_out',
]);

export const mayFallBack = ({ code }: AtelierError): boolean => anotherMayAnswer.has(code);

/** Milliseconds until the same model is asked again; null: not again. */
export function retryDelay(error: AtelierError, tries: number, random: () => number): number | null {
  if (!error.retryable || !anotherMayAnswer.has(error.code)) return null;
  const told = error.data.retryAfterSeconds;
  if (typeof told === 'number') return told * 1000 <= LONGEST_WAIT_MS ? told * 1000 : null;
  // Full jitter, so that callers who failed together do not come back together.
  return random() * FIRST_WAIT_MS * 2 ** (tries - 1);
}

export function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
