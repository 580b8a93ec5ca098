// Seals what must not be read from the store alone, such as a provider's key: AES-256-GCM under a key that comes from
// ATELIER_SECRET, or from a file in the data folder that only its owner may read and that no export holds.
import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { AtelierError } from '../contracts/errors.ts';
import { type Log, silentLog } from '../lib/log.ts';
import { dataFolderError } from './data-folder.ts';

export interface Sealer {
  /** Text that only the same key opens: `v1.<key's mark>.<nonce>.<ciphertext and tag>`. */
  seal(text: string): string;
  /** @throws AtelierError storage_failed when it was sealed with another key, or changed since */
  open(sealed: string): string;
}

export interface SealerOptions {
  dataDir: string;
  /** ATELIER_SECRET; the same on every node that shares a store. */
  secret?: string | null | undefined;
  log?: Log;
}

const VERSION = 'v1';
/** Opened values that are kept in memory. */
const MOST_OPENED = 256;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

export function createSealer({ dataDir, secret, log = silentLog }: SealerOptions): Sealer {
  const key = secret ? keyFromSecret(secret) : keyFromFile(dataDir, log);
  const mark = createHash('sha256').update('atelier key mark').update(key).digest('base64url').slice(0, 8);

  /** A provider's key is opened for every call. */
  const opened = new Map<string, string>();
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, mark, nonce.toString('base64url'), body.toString('base64url')].join('.');
    },
    open(sealed) {
      const known = opened.get(sealed);
      if (known !== undefined) return known;
      const [version, sealedMark, nonce, body] = sealed.split('.');
      if (version !== VERSION || !sealedMark || !nonce || body === undefined)
        throw new AtelierError(
          'storage_failed',
          'A sealed value in the store is damaged. Enter the key again.',
        );
      if (sealedMark !== mark) {
        throw new AtelierError(
          'storage_failed',
          secret
            ? 'A key in the store was sealed with another secret than ATELIER_SECRET now has. Set the earlier one, or enter the key again.'
            : 'A key in the store was sealed with another secret than secret.key in the data folder. Put the earlier file back (or set ATELIER_SECRET, if it was set before), or enter the key again.',
        );
      }
      try {
        const bytes = Buffer.from(body, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        const text =
          decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
        if (opened.size >= MOST_OPENED) opened.clear();
        opened.set(sealed, text);
        return text;
      } catch (cause) {
        throw new AtelierError(
          'storage_failed',
          'A sealed value in the store was changed. Enter the key again.',
          { cause },
        );
      }
    },
  };
}

/** Slow on purpose (scrypt). The salt is fixed, because nodes that share a store share nothing but the secret. */
function keyFromSecret(secret: string): Buffer {
  return scryptSync(secret, 'atelier/secrets/v1', KEY_BYTES);
}

function keyFromFile(dataDir: string, log: Log): Buffer {
  const path = join(dataDir, 'secret.key');
  let text: string;
  try {
    text = readOrMake(path, dataDir);
    closeToOthers(path, log);
  } catch (error) {
    throw dataFolderError(error, dataDir);
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new AtelierError(
    'storage_failed',
    `${path} is damaged: it must hold ${KEY_BYTES} bytes in base64. Put it back from a backup; without one, remove it and enter the keys of your providers again.`,
    { data: { path } },
  );
}

function readOrMake(path: string, dataDir: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const text = `${randomBytes(KEY_BYTES).toString('base64')}\n`;
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return text;
}

/** A copy or a restored backup may have a wider mode: it is narrowed, and said, since others may have read it. */
function closeToOthers(path: string, log: Log): void {
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return;
  chmodSync(path, 0o600);
  const mended = (statSync(path).mode & 0o077) === 0;
  log.warn(
    mended
      ? 'secret.key could be read by other users; it is closed to them now. If they may have read it, replace the keys of your providers'
      : 'secret.key can be read by other users and this disk knows no file modes; set ATELIER_SECRET, or keep the data folder on another disk',
    { path },
  );
}
