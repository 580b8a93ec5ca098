// The guard as the fetch that the MCP client's HTTP transport asks for. The transport decides on redirects itself; a
// stream may last, but one message of it may not grow without end.
import type { FetchLike } from '@modelcontextprotocol/client';
import type { GuardedFetch } from '../../lib/guarded-fetch.ts';

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const NO_BODY = new Set([101, 204, 205, 304]);

export function createTransportFetch(guarded: GuardedFetch): FetchLike {
  return async (url, init = {}) => {
    const response = await guarded.fetch(String(url), {
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.body === undefined || init.body === null ? {} : { body: readBody(init.body) }),
      ...(init.signal ? { signal: init.signal } : {}),
      maxRedirects: 0,
      timeoutMs: null,
      maxBytes: null,
    });
    const streams = /event-stream/.test(response.headers.get('content-type') ?? '');
    const body = NO_BODY.has(response.status)
      ? null
      : response.body.pipeThrough(limitMessages(streams, String(url)));
    if (body === null) await response.body.cancel();
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

/** The transport sends JSON, and forms to an authorization server. */
function readBody(body: NonNullable<RequestInit['body']>): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a request of an MCP client has a text body');
}

/** An event ends with an empty line; other bodies are one message. */
function limitMessages(streams: boolean, url: string): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  let lineIsEmpty = false;
  return new TransformStream({
    transform(chunk, controller) {
      for (const byte of streams ? chunk : []) {
        if (byte === 10 && lineIsEmpty) size = 0;
        if (byte !== 13) lineIsEmpty = byte === 10;
        size++;
      }
      if (!streams) size += chunk.byteLength;
      if (size > MAX_MESSAGE_BYTES)
        throw new Error(`${url} sent a message of more than ${MAX_MESSAGE_BYTES} bytes`);
      controller.enqueue(chunk);
    },
  });
}
