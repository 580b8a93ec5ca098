// One web address as a document. The address was given by a person or a model, so it goes through the guard; the page is
// kept as it came, in UTF-8 when only the header said in which letters it is written.
import { AtelierError } from '../../contracts/errors.ts';
import type { GuardedFetch } from '../../lib/guarded-fetch.ts';
import type { NewDocument } from '../knowledge.ts';

const MAX_BYTES = 50 * 1024 * 1024;

/** @throws AtelierError or GuardError: invalid_request, address_refused, fetch_failed, response_too_large, timed_out */
export async function fetchPage(
  url: string,
  guarded: GuardedFetch,
  signal?: AbortSignal,
): Promise<NewDocument> {
  const response = await guarded.fetch(url, {
    maxBytes: MAX_BYTES,
    timeoutMs: 60_000,
    headers: { accept: 'text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.5' },
    ...(signal ? { signal } : {}),
  });
  if (response.status >= 400) {
    await response.body.cancel();
    throw new AtelierError('fetch_failed', `${response.url} answered with status ${response.status}.`, {
      data: { url: response.url, status: response.status },
      retryable: response.status >= 500 || response.status === 429,
    });
  }
  const bytes = await response.bytes();
  const contentType = response.headers.get('content-type') ?? '';
  const address = new URL(response.url);
  address.hash = '';
  address.username = '';
  address.password = '';
  return {
    path: address.href,
    bytes: marked(bytes, contentType),
    source: { kind: 'url', url: address.href },
  };
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** A text whose letters only the header names is written anew in UTF-8, marked as such. */
function marked(bytes: Uint8Array, contentType: string): Uint8Array {
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1];
  if (charset === undefined || !/^(text\/|application\/(xhtml\+)?xml)/i.test(contentType)) return bytes;
  if (Buffer.from(bytes.subarray(0, 3)).equals(BOM)) return bytes;
  try {
    return Buffer.concat([BOM, Buffer.from(new TextDecoder(charset).decode(bytes))]);
  } catch (error) {
    // A server may name an encoding that does not exist: the parser finds out by itself.
    if (error instanceof RangeError) return bytes;
    throw error;
  }
}
