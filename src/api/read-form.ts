// A multipart form as a sequence of its parts, at the pace of the reader: a file of a gigabyte never lies in memory.
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { AtelierError } from '../contracts/errors.ts';

export type FormPart =
  | { kind: 'field'; name: string; value: string }
  /** `bytes` must be read before the next part is asked for; what is left of it is dropped. */
  | { kind: 'file'; name: string; fileName: string; mediaType: string; bytes: AsyncIterable<Uint8Array> };

export const MAX_FILE_BYTES = 1024 ** 3;
const MAX_FIELD_BYTES = 1024 * 1024;
/** Fields lie in memory until they are read, unlike files. */
const MAX_FIELDS_BYTES = 32 * 1024 * 1024;
const MAX_PARTS = 20_000;

export const isForm = (contentType: string | null | undefined): boolean =>
  /^multipart\/form-data\b/i.test(contentType ?? '');

const unreadable = (cause: unknown) =>
  new AtelierError(
    'invalid_request',
    `The form could not be read: ${cause instanceof Error ? cause.message : String(cause)}. Send multipart/form-data with a boundary.`,
    { cause, data: { param: null } },
  );

async function* fileBytes(stream: BusboyFileStream, fileName: string): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch((cause: unknown) => {
        throw unreadable(cause);
      });
      if (next.done) break;
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
  if (stream.truncated)
    throw new AtelierError(
      'payload_too_large',
      `${fileName} is larger than ${MAX_FILE_BYTES / 1024 ** 2} MB. Split it, or name its folder on the machine of the server.`,
      { data: { fileName, limitBytes: MAX_FILE_BYTES } },
    );
}

/** @throws AtelierError invalid_request (no form, or a broken one), payload_too_large, unsupported_media_type */
export async function* readForm(request: Request): AsyncGenerator<FormPart> {
  const contentType = request.headers.get('content-type');
  if (contentType === null || !isForm(contentType))
    throw new AtelierError(
      'unsupported_media_type',
      `This address reads a form: send the header content-type: multipart/form-data (got ${contentType ?? 'none'}).`,
      { data: { contentType } },
    );
  if (request.body === null) throw unreadable(new Error('the body is empty'));
  let parser: InstanceType<typeof Busboy>;
  try {
    parser = new Busboy({
      headers: { 'content-type': contentType },
      preservePath: true,
      limits: { fileSize: MAX_FILE_BYTES, fieldSize: MAX_FIELD_BYTES, parts: MAX_PARTS },
    });
  } catch (cause) {
    throw unreadable(cause);
  }

  type Arrived =
    | { field: Extract<FormPart, { kind: 'field' }> }
    | { file: FormPart; stream: BusboyFileStream };
  const arrived: Arrived[] = [];
  const openFiles = new Set<BusboyFileStream>();
  let fieldsBytes = 0;
  let ended = false;
  let failure: unknown = null;
  let wake: () => void = () => {};
  const tell = (change: () => void) => {
    change();
    wake();
  };
  parser.on('field', (name, value, _nameTruncated, truncated) =>
    tell(() => {
      if (truncated)
        failure ??= new AtelierError('payload_too_large', `The field ${name} is larger than 1 MB.`, {
          data: { param: name },
        });
      fieldsBytes += Buffer.byteLength(value);
      if (fieldsBytes > MAX_FIELDS_BYTES) {
        failure ??= new AtelierError('payload_too_large', 'The fields of the form are larger than 32 MB.', {
          data: { limitBytes: MAX_FIELDS_BYTES },
        });
        return;
      }
      arrived.push({ field: { kind: 'field', name, value } });
    }),
  );
  parser.on('file', (name, stream, fileName, _encoding, mediaType) =>
    tell(() => {
      // Whoever stops reading destroys the stream; that is no fault of the form.
      stream.on('error', () => {});
      openFiles.add(stream);
      stream.once('close', () => openFiles.delete(stream));
      const file: FormPart = { kind: 'file', name, fileName, mediaType, bytes: fileBytes(stream, fileName) };
      arrived.push({ file, stream });
    }),
  );
  parser.on('partsLimit', () =>
    tell(() => {
      failure ??= new AtelierError('payload_too_large', `A form has at most ${MAX_PARTS} parts.`, {
        data: { limit: MAX_PARTS },
      });
    }),
  );
  parser.on('finish', () =>
    tell(() => {
      ended = true;
    }),
  );
  const broke = (cause: unknown) =>
    tell(() => {
      failure ??= unreadable(cause);
      ended = true;
      // Whoever reads a file would wait for ever for the rest of it.
      const reason = cause instanceof Error ? cause : new Error(String(cause));
      for (const stream of openFiles) stream.destroy(reason);
    });
  parser.on('error', broke);
  const source = Readable.fromWeb(request.body as NodeReadableStream<Uint8Array>);
  source.on('error', broke);
  source.pipe(parser);

  try {
    for (;;) {
      const next = arrived.shift();
      if (failure !== null) throw failure;
      if (next === undefined) {
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (arrived.length > 0 || ended || failure !== null) resolve();
        });
        continue;
      }
      if ('field' in next) yield next.field;
      else {
        yield next.file;
        next.stream.resume();
      }
    }
  } finally {
    source.unpipe(parser);
    source.destroy();
  }
}
