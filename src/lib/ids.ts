// Ids: sortable by time for rows, random hexadecimal for traces and spans (W3C trace context).
import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A row id such as `msg_01kaw3...`: a prefix, 10 characters of time (ms) and 16 random ones (ULID, Crockford base 32). */
export function newId(prefix: string, now: number = Date.now()): string {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32))
    time = alphabet.charAt(rest % 32) + time;
  let random = '';
  for (const byte of randomBytes(16)) random += alphabet.charAt(byte % 32);
  return `${prefix}_${time}${random}`;
}

/** 32 hexadecimal characters. */
export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

/** 16 hexadecimal characters. */
export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}
