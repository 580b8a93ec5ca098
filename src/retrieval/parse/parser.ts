// The contract of a parser: bytes in, blocks out. One file a format; parse-document.ts chooses among them.
import type { DocumentKind, ParsedDocument } from '../../contracts/document.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { ParseLimits } from './limits.ts';

export interface ParseInput {
  /** The file's name, with its ending; a path is cut to its last part. */
  name: string;
  bytes: Uint8Array;
  kind: DocumentKind;
  limits: ParseLimits;
}

/** @throws AtelierError document_encrypted, document_broken, document_empty, document_too_large, document_unsupported */
export type Parser = (input: ParseInput) => ParsedDocument | Promise<ParsedDocument>;

export function encrypted(name: string): AtelierError {
  return new AtelierError(
    'document_encrypted',
    `${name} needs a password. Remove the password in the program that made it, then add it again.`,
    { data: { name } },
  );
}

/** @param why a sentence without its full stop, as in "its page tree is missing" */
export function broken(name: string, why: string, cause?: unknown): AtelierError {
  return new AtelierError('document_broken', `${name} cannot be read: ${why}.`, {
    data: { name, why },
    cause,
  });
}

export function unsupported(name: string, why: string): AtelierError {
  return new AtelierError('document_unsupported', `${name} cannot be read: ${why}.`, { data: { name, why } });
}

export function empty(name: string): AtelierError {
  return new AtelierError('document_empty', `${name} is empty: there is nothing in it to read.`, {
    data: { name },
  });
}
