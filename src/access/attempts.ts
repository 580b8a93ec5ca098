// How often somebody may try a password: so many times a window for each key, such as an account or an address. In the
// memory of this process: nodes count each for themselves, and a restart begins anew.
import { AtelierError } from '../contracts/errors.ts';

export interface Attempts {
  /** Counts one; tries that run at the same time are counted before any has ended. @throws AtelierError rate_limited */
  begin(key: string): void;
  /** It was no wrong guess: it does not count. */
  forgive(key: string): void;
  forget(key: string): void;
}

/** Keys beyond this push out the oldest, so that guesses from a million addresses fill no memory. */
const MOST_KEYS = 10_000;

export function createAttempts({
  most,
  windowMs,
  now,
}: {
  most: number;
  windowMs: number;
  now: () => number;
}): Attempts {
  const counts = new Map<string, { tries: number; until: number }>();
  return {
    begin(key) {
      const at = now();
      const known = counts.get(key);
      if (known === undefined || at >= known.until) {
        counts.delete(key);
        counts.set(key, { tries: 1, until: at + windowMs });
        const [oldest] = counts.keys();
        if (counts.size > MOST_KEYS && oldest !== undefined) counts.delete(oldest);
        return;
      }
      if (known.tries >= most) {
        const retryAfterSeconds = Math.ceil((known.until - at) / 1000);
        throw new AtelierError(
          'rate_limited',
          `Too many tries to sign in. Wait ${waitWords(retryAfterSeconds)}, then try again.`,
          { data: { retryAfterSeconds }, retryable: true },
        );
      }
      known.tries++;
    },
    forgive(key) {
      const known = counts.get(key);
      if (known !== undefined) known.tries = Math.max(0, known.tries - 1);
    },
    forget: (key) => {
      counts.delete(key);
    },
  };
}

function waitWords(seconds: number): string {
  if (seconds <= 60) return `${seconds} s`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
