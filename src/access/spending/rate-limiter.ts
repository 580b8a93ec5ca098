// Requests and tokens a minute: a bucket a subject that fills evenly. A process counts by itself; several nodes on one
// store allow each as much (docs/access.md).
import type { LimitState, RateLimit } from '../../contracts/access.ts';

const MINUTE_MS = 60_000;

interface Bucket {
  limit: number;
  /** May be below zero: a call may take more than was estimated. */
  left: number;
  at: number;
}

export interface RateRefusal {
  what: 'requests' | 'tokens';
  limit: number;
  retryAfterMs: number;
}

export interface RateLimiter {
  /** Takes a request and `tokens`, or says why not. All limits or none. */
  take(limits: readonly RateLimit[], tokens: () => number): RateRefusal | null;
  /** Gives back what was estimated and not used, or takes what was used above it. */
  correct(limits: readonly RateLimit[], estimated: number, used: number): void;
  /** The tightest of the limits. */
  state(limits: readonly RateLimit[]): LimitState;
}

export function createRateLimiter(now: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>();

  function bucketOf({ subject }: RateLimit, what: 'requests' | 'tokens', limit: number): Bucket {
    const key = `${what} ${subject.kind} ${subject.id}`;
    const at = now();
    const known = buckets.get(key);
    if (!known || known.limit !== limit) {
      const fresh = { limit, left: known ? Math.min(known.left, limit) : limit, at };
      buckets.set(key, fresh);
      return fresh;
    }
    known.left = Math.min(limit, known.left + ((at - known.at) * limit) / MINUTE_MS);
    known.at = at;
    return known;
  }

  const bucketsOf = (limits: readonly RateLimit[], what: 'requests' | 'tokens'): Bucket[] =>
    limits.flatMap((limit) => {
      const amount = what === 'requests' ? limit.requestsPerMinute : limit.tokensPerMinute;
      return amount === null ? [] : [bucketOf(limit, what, amount)];
    });

  function tightest(limits: readonly RateLimit[], what: 'requests' | 'tokens') {
    const all = bucketsOf(limits, what);
    if (all.length === 0) return null;
    const { limit, left } = all.reduce((least, one) => (one.left < least.left ? one : least));
    return {
      limit,
      remaining: Math.max(0, Math.floor(left)),
      resetMs: Math.ceil(((limit - left) * MINUTE_MS) / limit),
    };
  }

  return {
    take(limits, tokens) {
      const requests = bucketsOf(limits, 'requests');
      const counted = bucketsOf(limits, 'tokens');
      const wanted = counted.length > 0 ? tokens() : 0;
      const full = (what: RateRefusal['what'], { limit, left }: Bucket, needed: number): RateRefusal => ({
        what,
        limit,
        retryAfterMs: Math.ceil(((needed - left) * MINUTE_MS) / limit),
      });
      const noRequest = requests.find(({ left }) => left < 1);
      if (noRequest) return full('requests', noRequest, 1);
      // What is larger than a whole minute's tokens passes when the bucket is full, and empties it.
      const noTokens = counted.find(({ left, limit }) => left < Math.min(wanted, limit));
      if (noTokens) return full('tokens', noTokens, Math.min(wanted, noTokens.limit));
      for (const bucket of requests) bucket.left -= 1;
      // An estimate beyond a minute's tokens must not close the limit to everybody for many minutes.
      for (const bucket of counted) bucket.left -= Math.min(wanted, bucket.limit);
      return null;
    },
    correct(limits, estimated, used) {
      for (const bucket of bucketsOf(limits, 'tokens')) {
        const held = Math.min(estimated, bucket.limit);
        bucket.left = Math.min(bucket.limit, bucket.left + held - used);
      }
    },
    state: (limits) => ({ requests: tightest(limits, 'requests'), tokens: tightest(limits, 'tokens') }),
  };
}
