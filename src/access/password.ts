// Passwords as scrypt hashes that carry their own cost, so that it can be raised later without anybody noticing.
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

export interface PasswordCost {
  /** Doubling it doubles time and memory (128 * N * r bytes). */
  N: number;
  r: number;
  p: number;
}

/** 32 MB and about a quarter of a second on a small machine, in libuv's threads: one of OWASP's settings (2025). */
const STANDARD: PasswordCost = { N: 2 ** 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;

export interface Passwords {
  /** `scrypt.N.r.p.salt.key` */
  hash(password: string): Promise<string>;
  /** Takes as long for null, which nobody's password is, as for a hash. */
  verify(password: string, stored: string | null): Promise<boolean>;
}

/** Two at a time: each takes 32 MB and one of libuv's four threads, and files have to be read meanwhile. */
const AT_ONCE = 2;

export function createPasswords(cost: PasswordCost = STANDARD): Passwords {
  const derive = atMost(AT_ONCE, deriveKey);
  const nobody = format(cost, randomBytes(SALT_BYTES), randomBytes(KEY_BYTES));
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return format(cost, salt, await derive(password, salt, cost));
    },
    async verify(password, stored) {
      const [name, N, r, p, salt = '', key = ''] = (stored ?? nobody).split('.');
      if (name !== 'scrypt') return false;
      const expected = Buffer.from(key, 'base64url');
      const given = await derive(password, Buffer.from(salt, 'base64url'), {
        N: Number(N),
        r: Number(r),
        p: Number(p),
      });
      return expected.length === given.length && timingSafeEqual(expected, given) && stored !== null;
    },
  };
}

function atMost<Args extends unknown[], T>(
  most: number,
  work: (...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (...args) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work(...args);
    } finally {
      // The place passes on to who waits longest.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}

function format({ N, r, p }: PasswordCost, salt: Buffer, key: Buffer): string {
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('.');
}

/** The same letters typed on another system are the same password: NFKC, as NIST SP 800-63B asks. */
function deriveKey(password: string, salt: Buffer, { N, r, p }: PasswordCost): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
