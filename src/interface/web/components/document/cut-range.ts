// A text that knows its place in the document, cut where a passage begins and ends in it.
import type { TextRange } from '../../lib/knowledge/place.ts';

export interface CutText {
  before: string;
  /** What of the text lies in the passage; empty when nothing does. */
  inside: string;
  after: string;
}

/** `start`: offset of the text's first character in the plain text of the document. */
export function cutRange(text: string, start: number, range: TextRange | null): CutText {
  if (!range || range.end <= start || range.start >= start + text.length)
    return { before: text, inside: '', after: '' };
  const from = Math.max(0, range.start - start);
  const to = Math.min(text.length, range.end - start);
  return { before: text.slice(0, from), inside: text.slice(from, to), after: text.slice(to) };
}

export interface PlacedText {
  text: string;
  /** Offset in the plain text of the document. */
  start: number;
}

/** The pieces of a text between separators, each with its own place. */
export function splitPlaced({ text, start }: PlacedText, separator: string): PlacedText[] {
  const pieces: PlacedText[] = [];
  let at = 0;
  for (const piece of text.split(separator)) {
    pieces.push({ text: piece, start: start + at });
    at += piece.length + separator.length;
  }
  return pieces;
}
