// Bytes of a person's own as an answer. A browser must never run what somebody uploaded: it is a download unless it is
// shown on purpose, its type is not guessed, and a document that is shown can reach nothing.
import { Readable } from 'node:stream';
import { contentDisposition } from './content-disposition.ts';

export interface NamedBytes {
  name: string;
  mediaType: string;
  bytes: AsyncIterable<Uint8Array> | Uint8Array;
}

export function bytesResponse(
  { name, mediaType, bytes }: NamedBytes,
  kind: 'attachment' | 'inline' = 'attachment',
): Response {
  return new Response(
    bytes instanceof Uint8Array
      ? Buffer.from(bytes)
      : (Readable.toWeb(Readable.from(bytes)) as ReadableStream<Uint8Array>),
    {
      headers: {
        'content-type': mediaType,
        'content-disposition': contentDisposition(name.split('/').at(-1) ?? name, kind),
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-cache',
      },
    },
  );
}
