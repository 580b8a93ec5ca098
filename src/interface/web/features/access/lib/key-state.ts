// Whether a key still opens the door.
import type { ApiKey } from '../../../../../contracts/access.ts';

export type KeyState = 'active' | 'expired' | 'revoked';

export function keyState({ revokedAt, expiresAt }: ApiKey, now: number): KeyState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}

const DAY_MS = 86_400_000;
export const expiries = ['never', 'days30', 'days90', 'year'] as const;
export type Expiry = (typeof expiries)[number];

/** When a key that is made now ends. */
export function expiryAt(expiry: Expiry, now: number): number | null {
  const days = { never: null, days30: 30, days90: 90, year: 365 }[expiry];
  return days === null ? null : now + days * DAY_MS;
}
