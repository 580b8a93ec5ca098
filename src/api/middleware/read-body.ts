// Reads a request's body once, within the limit and as strict UTF-8, and leaves the text where Hono's validators look.
import { createMiddleware } from 'hono/factory';
import { AtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import { isForm } from '../read-form.ts';
import type { ApiEnv } from '../services.ts';

export const MAX_BODY_BYTES = 32 * 1024 * 1024;
/** Who is nobody yet has only a name and a password to send. */
const MAX_NOBODY_BYTES = 64 * 1024;
const decoder = new TextDecoder('utf-8', { fatal: true });

function tooLarge(limit: number): AtelierError {
  return new AtelierError(
    'payload_too_large',
    `The body is larger than ${limit < 1024 * 1024 ? `${limit / 1024} kB` : `${Math.round(limit / 1024 / 1024)} MB`}. Send less, or split it.`,
    { data: { limitBytes: limit } },
  );
}

async function bytesOf(request: Request, limit: number): Promise<ArrayBuffer> {
  const stated = request.headers.get('content-length');
  if (stated !== null) {
    if (Number(stated) > limit) throw tooLarge(limit);
    return request.arrayBuffer();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks)).buffer;
}

export const readBody = (most: number = MAX_BODY_BYTES) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const who: Identity | undefined = c.get('identity');
    const limit = who === undefined ? Math.min(most, MAX_NOBODY_BYTES) : most;
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    // Forms bring files of any size: their routes read them part by part.
    if (isForm(c.req.header('content-type'))) return next();
    const bytes = await bytesOf(c.req.raw, limit);
    if (bytes.byteLength > limit) throw tooLarge(limit);
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch (cause) {
      throw new AtelierError('invalid_request', 'The body is not valid UTF-8. Send the text as UTF-8.', {
        cause,
        data: { param: null },
      });
    }
    Object.assign(c.req.bodyCache, { text: Promise.resolve(text), arrayBuffer: Promise.resolve(bytes) });
    await next();
  });
