// What goes between the pool and one of its processes.
import type { ParsedDocument } from '../../../contracts/document.ts';
import type { ErrorBody } from '../../../contracts/errors.ts';
import type { ParseLimits } from '../limits.ts';

/** A file to parse: its bytes, or where they are. The name decides nothing but the reading of texts. */
export type ParseFile = { name: string } & ({ bytes: Uint8Array } | { path: string });

export interface ParseRequest {
  file: ParseFile;
  limits: ParseLimits;
}

export type ParseReply = { document: ParsedDocument } | { error: ErrorBody };
