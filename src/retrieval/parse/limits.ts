// What one document may cost. A parser that meets a limit throws; the pool ends one that does not come back.
import { AtelierError } from '../../contracts/errors.ts';

export interface ParseLimits {
  /** Wall-clock time from the moment a parser starts. */
  timeoutMs: number;
  /** Size of the file as it was added. */
  inputBytes: number;
  /** All parts of a packed file (DOCX, XLSX, EPUB, ...) together, once unpacked. */
  unpackedBytes: number;
  /** A part may be at most this many times its packed size, beyond the first megabyte: real text reaches 50. */
  unpackRatio: number;
  /** Memory of one parser: JavaScript's heap, and beside it what buffers hold. */
  memoryBytes: number;
  /** Characters of the plain text. */
  characters: number;
  pages: number;
}

const MB = 1024 * 1024;

export const defaultLimits: ParseLimits = {
  timeoutMs: 120_000,
  inputBytes: 200 * MB,
  unpackedBytes: 400 * MB,
  unpackRatio: 200,
  memoryBytes: 1024 * MB,
  characters: 20_000_000,
  pages: 5_000,
};

/** @throws always document_too_large, with the limit by its name */
export function overLimit(name: keyof ParseLimits, what: string, found: number, limit: number): never {
  throw new AtelierError(
    'document_too_large',
    `${what}: ${found}, and the limit is ${limit}. Split the document.`,
    {
      data: { limit: name, found, allowed: limit },
    },
  );
}
