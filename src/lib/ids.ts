// Ids: sortable by time for rows and traces, random for spans; hexadecimal for both of these (W3C trace context).
import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A row id such as `msg_01kaw3...`: a prefix, 10 characters of time (ms) and 16 random ones (ULID, Crockford base 32). */
export function newId(prefix: string, now: number = Date.now()): string {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32))
    time = alphabet.charAt(rest % 32) + time;
  let random = '';
  for (const byte of pooled(16)) random += alphabet.charAt(byte % 32);
  return `${prefix}_${time}${random}`;
}

/** Asked of the system for many ids at once: one question a span would cost more than the span. */
const POOL_BYTES = 4096;
let pool = Buffer.alloc(0);

function pooled(bytes: number): Buffer {
  if (pool.length < bytes) pool = randomBytes(POOL_BYTES);
  const taken = pool.subarray(0, bytes);
  pool = pool.subarray(bytes);
  return taken;
}

const randomHex = (bytes: number): string => pooled(bytes).toString('hex');

const TIME_CHARACTERS = 12;

/**
 * 32 hexadecimal characters: the milliseconds, then 80 random bits. Ids that follow each other lie side by side in every
 * index, so that a batch of spans touches few pages of a store however large it is.
 */
export const newTraceId = (now: number = Date.now()): string =>
  now.toString(16).padStart(TIME_CHARACTERS, '0') + randomHex(10);

/** 16 hexadecimal characters. */
export const newSpanId = (): string => randomHex(8);
