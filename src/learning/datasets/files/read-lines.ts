// The lines of a file of any size, one in memory at a time, as strict UTF-8: a line that is none is a fault with the
// place of its first wrong byte, and the others are kept. UTF-16 and UTF-32 are told by their first bytes and refused.
import { isUtf8 } from 'node:buffer';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Problem } from '../example-body.ts';

const MAX_LINE_BYTES = 8 * 1024 * 1024;
const LINE_FEED = 0x0a;

export interface FileLine {
  /** From 1. */
  number: number;
  /** Null where `problem` says why. */
  text: string | null;
  problem: Problem | null;
  /** Whether a carriage return stood before its line feed. */
  carriage?: boolean;
}

export interface SourceFile {
  name: string;
  bytes: AsyncIterable<Uint8Array> | Uint8Array;
  sizeBytes?: number;
}

export const MAX_DATASET_FILE_BYTES = 512 * 1024 * 1024;

const megabytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1);

function tooLarge(
  name: string,
  bytes: number,
  seen: 'stated' | 'before reading' | 'while reading',
): AtelierError {
  const kept = '; the lines before that were kept, and are not doubled when they come again';
  return new AtelierError(
    'payload_too_large',
    `${name} has ${seen === 'stated' ? '' : 'more than '}${megabytes(bytes)} MB and a file of examples may have ${megabytes(MAX_DATASET_FILE_BYTES)} MB. Split it${seen === 'while reading' ? kept : ''}.`,
    { data: { name, sizeBytes: bytes, limitBytes: MAX_DATASET_FILE_BYTES } },
  );
}

/** How the four first bytes of each wide encoding look, by its mark or by the zeros of Latin letters. */
function wideEncoding(head: Uint8Array): string | null {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32' : 'UTF-16 (little-endian)';
  if (a === 0xfe && b === 0xff) return 'UTF-16 (big-endian)';
  if (a === 0 && b === 0) return 'UTF-32';
  if (head.length >= 4 && a !== 0 && b === 0 && d === 0) return c === 0 ? 'UTF-32' : 'UTF-16 (little-endian)';
  if (head.length >= 4 && a === 0 && b !== 0 && c === 0) return 'UTF-16 (big-endian)';
  return null;
}

function checkHead(name: string, head: Uint8Array): void {
  const encoding = wideEncoding(head);
  if (encoding === null) return;
  throw new AtelierError(
    'invalid_request',
    `${name} is written in ${encoding}; examples are read as UTF-8. Save it as UTF-8 and send it again.`,
    { data: { name, encoding, code: 'wrong_encoding' } },
  );
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Where the first sequence begins that no UTF-8 decoder takes. */
function firstFault(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  // The longest prefix that is whole: a cut within a character is no fault of the text before it.
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const whole = (to: number) => isUtf8(bytes.subarray(0, to));
    if ([0, 1, 2, 3].some((back) => middle - back >= good && whole(middle - back))) good = middle;
    else bad = middle;
  }
  for (let at = Math.min(bytes.length, good); at > 0; at--) if (isUtf8(bytes.subarray(0, at))) return at;
  return 0;
}

/** @throws AtelierError payload_too_large where the size is known before */
export function requireSize({ name, bytes, sizeBytes }: SourceFile): void {
  const stated = sizeBytes ?? (bytes instanceof Uint8Array ? bytes.length : undefined);
  if (stated !== undefined && stated > MAX_DATASET_FILE_BYTES) throw tooLarge(name, stated, 'stated');
}

/** Bytes that are kept before they are read, up to what may be read. @throws AtelierError payload_too_large */
export async function* bounded({ name, bytes }: SourceFile): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
    read += chunk.length;
    if (read > MAX_DATASET_FILE_BYTES) throw tooLarge(name, MAX_DATASET_FILE_BYTES, 'before reading');
    yield chunk;
  }
}

/** @throws AtelierError payload_too_large, invalid_request (UTF-16, UTF-32) */
export async function* readLines({ name, bytes, sizeBytes }: SourceFile): AsyncGenerator<FileLine> {
  requireSize({ name, bytes, ...(sizeBytes === undefined ? {} : { sizeBytes }) });
  let pieces: Uint8Array[] = [];
  let held = 0;
  /** Of this line, also those that are no longer held. */
  let length = 0;
  let number = 0;
  let lineStart = 0;
  let read = 0;
  let checked = false;

  function take(piece: Uint8Array): void {
    length += piece.length;
    if (length > MAX_LINE_BYTES) {
      pieces = [];
      held = 0;
      return;
    }
    pieces.push(piece);
    held += piece.length;
  }
  function line(): FileLine {
    number++;
    const all = held === length ? Buffer.concat(pieces) : null;
    const start = lineStart;
    const size = length;
    lineStart += length + 1;
    pieces = [];
    held = 0;
    length = 0;
    if (all === null)
      return {
        number,
        text: null,
        problem: {
          code: 'too_long',
          message: `the line has ${megabytes(size)} MB and may have ${megabytes(MAX_LINE_BYTES)} MB`,
        },
      };
    const mark = number === 1 && all[0] === 0xef && all[1] === 0xbb && all[2] === 0xbf ? 3 : 0;
    try {
      const text = decoder.decode(all.subarray(mark));
      const carriage = text.endsWith('\r');
      return { number, text: carriage ? text.slice(0, -1) : text, problem: null, carriage };
    } catch {
      const at = start + firstFault(all);
      return {
        number,
        text: null,
        problem: {
          code: 'wrong_encoding',
          message: `the byte ${at} of the file (0x${(all[at - start] ?? 0).toString(16).padStart(2, '0')}) is not valid UTF-8`,
        },
      };
    }
  }

  let head = Buffer.alloc(0);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    if (bytes instanceof Uint8Array) yield bytes;
    else yield* bytes;
  }
  for await (const chunk of chunks()) {
    read += chunk.length;
    if (read > MAX_DATASET_FILE_BYTES) throw tooLarge(name, MAX_DATASET_FILE_BYTES, 'while reading');
    if (!checked) {
      head = Buffer.concat([head, chunk.subarray(0, 4)]);
      if (head.length >= 4) {
        checkHead(name, head);
        checked = true;
      }
    }
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      take(chunk.subarray(from, at));
      from = at + 1;
      yield line();
    }
    // A copy: whoever reads the file may use the chunk again.
    if (from < chunk.length) take(Uint8Array.prototype.slice.call(chunk, from));
  }
  if (!checked) checkHead(name, head);
  if (length > 0) yield line();
}
