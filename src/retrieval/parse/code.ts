// Source code: a block a top-level definition, found by indentation alone, so that it works for any language.
import type { ParsedDocument } from '../../contracts/document.ts';
import { cleanText } from './clean-text.ts';
import { decodeText } from './decode-text.ts';
import { createDocumentBuilder } from './document-builder.ts';
import { empty, type ParseInput } from './parser.ts';
import { warnOfGuess } from './text.ts';

/** Shorter pieces go together with the next one: imports, constants, one-line types. */
const SMALL_LINES = 6;

export function parseCode(input: ParseInput): ParsedDocument {
  const builder = createDocumentBuilder(input);
  const decoded = decodeText(input.bytes);
  warnOfGuess(builder, decoded);
  if (decoded.text.trim() === '') throw empty(input.name);
  for (const text of splitDefinitions(cleanText(decoded.text))) builder.add({ type: 'code', text });
  // The name is what a person looks for: two files may begin with the same line.
  return builder.finish({ title: input.name, language: null });
}

/** Cuts before a line without indentation that follows an empty line; a comment stays with what it stands above. */
export function splitDefinitions(text: string): string[] {
  const pieces: string[][] = [[]];
  let blank = false;
  for (const line of text.split('\n')) {
    const piece = pieces.at(-1) ?? [];
    if (blank && /^[^\s})\]]/.test(line) && piece.length >= SMALL_LINES) pieces.push([line]);
    else piece.push(line);
    blank = line.trim() === '';
  }
  return pieces.map((lines) => lines.join('\n')).filter((piece) => piece.trim() !== '');
}
