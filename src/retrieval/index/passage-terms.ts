// The terms of a passage as both stores keep them: which, how often in its text and how often in its context (title,
// headings, repeated header of a table), packed into bytes.
// Layout, little-endian: u16 terms of the text, u16 terms of the context, then per term i32 hash (ascending), then per
// term u8 times in the text, then per term u8 times in the context.
import type { Chunk } from '../../contracts/chunk.ts';
import { termsOf } from './analyse.ts';
import { passageLabel } from './passage-label.ts';

export interface PassageTerms {
  /** Ascending. */
  terms: Int32Array;
  inText: Uint8Array;
  inContext: Uint8Array;
  /** Words that are no stop words. */
  textLength: number;
  contextLength: number;
}

const HEADER_BYTES = 4;
const TERM_BYTES = 6;
const MOST_COUNTED = 255;
const LONGEST = 65_535;

export function analysePassage(chunk: Pick<Chunk, 'text' | 'context' | 'header'>): PassageTerms {
  const { text, header } = chunk;
  const label = passageLabel(chunk);
  const counts = new Map<number, { text: number; context: number }>();
  const count = (term: number, field: 'text' | 'context') => {
    const entry = counts.get(term) ?? { text: 0, context: 0 };
    entry[field] = Math.min(MOST_COUNTED, entry[field] + 1);
    counts.set(term, entry);
  };
  const ofText = termsOf(text);
  const ofContext = termsOf(header === null ? label : `${label}\n${header}`);
  for (const term of ofText) count(term, 'text');
  for (const term of ofContext) count(term, 'context');
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return {
    terms: Int32Array.from(sorted, ([term]) => term),
    inText: Uint8Array.from(sorted, ([, entry]) => entry.text),
    inContext: Uint8Array.from(sorted, ([, entry]) => entry.context),
    textLength: Math.min(LONGEST, ofText.length),
    contextLength: Math.min(LONGEST, ofContext.length),
  };
}

export function packTerms({ terms, inText, inContext, textLength, contextLength }: PassageTerms): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + terms.length * TERM_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, textLength, true);
  view.setUint16(2, contextLength, true);
  terms.forEach((term, index) => {
    view.setInt32(HEADER_BYTES + index * 4, term, true);
  });
  bytes.set(inText, HEADER_BYTES + terms.length * 4);
  bytes.set(inContext, HEADER_BYTES + terms.length * 5);
  return bytes;
}

export function unpackTerms(bytes: Uint8Array): PassageTerms {
  const size = Math.floor((bytes.length - HEADER_BYTES) / TERM_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const terms = new Int32Array(size);
  for (let index = 0; index < size; index++) terms[index] = view.getInt32(HEADER_BYTES + index * 4, true);
  return {
    terms,
    inText: bytes.subarray(HEADER_BYTES + size * 4, HEADER_BYTES + size * 5),
    inContext: bytes.subarray(HEADER_BYTES + size * 5, HEADER_BYTES + size * 6),
    textLength: view.getUint16(0, true),
    contextLength: view.getUint16(2, true),
  };
}
