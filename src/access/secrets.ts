// What callers show: API keys that can be told from any other text, and tokens of sessions. The store has their hashes.
import { hash, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 40;
const CHECK_LENGTH = 6;
const PREFIX = 'atl_';
/** How much of a key is shown in lists: 4 random characters tell one from another and help nobody to guess the rest. */
const SHOWN = PREFIX.length + 4;
const shape = new RegExp(`^${PREFIX}[${alphabet}]{${RANDOM_LENGTH + CHECK_LENGTH}}$`);

/** `atl_`, 40 random characters (238 bits) and 6 that check them, so that a typing mistake never asks the store. */
export function newApiKey(): { secret: string; prefix: string } {
  let random = '';
  for (let at = 0; at < RANDOM_LENGTH; at++) random += alphabet.charAt(randomInt(alphabet.length));
  const secret = `${PREFIX}${random}${checkOf(random)}`;
  return { secret, prefix: secret.slice(0, SHOWN) };
}

/** Whether it is written like a key of ours; whether there is such a key is another matter. */
export function isApiKey(text: string): boolean {
  return shape.test(text) && checkOf(text.slice(PREFIX.length, -CHECK_LENGTH)) === text.slice(-CHECK_LENGTH);
}

function checkOf(random: string): string {
  let rest = crc32(random);
  let text = '';
  for (let at = 0; at < CHECK_LENGTH; at++, rest = Math.floor(rest / alphabet.length))
    text = alphabet.charAt(rest % alphabet.length) + text;
  return text;
}

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Enough for what is random: nothing slower protects 238 bits better. */
export function hashOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}
