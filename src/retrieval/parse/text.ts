// Plain text: paragraphs are what stands between empty lines.
import type { ParsedDocument } from '../../contracts/document.ts';
import { cleanText } from './clean-text.ts';
import { type DecodedText, decodeText } from './decode-text.ts';
import { createDocumentBuilder, type DocumentBuilder } from './document-builder.ts';
import { empty, type ParseInput } from './parser.ts';

const listItem = /^\s*(?:[-*•‣–]|\d{1,3}[.)]|[a-z][.)])\s+\S/;

export function parseText(input: ParseInput): ParsedDocument {
  const builder = createDocumentBuilder(input);
  const decoded = decodeText(input.bytes);
  warnOfGuess(builder, decoded);
  if (decoded.text.trim() === '') throw empty(input.name);
  for (const paragraph of cleanText(decoded.text).split(/\n[ \t]*\n\s*/)) {
    const lines = paragraph.split('\n').filter((line) => line.trim() !== '');
    const list = lines.length > 0 && lines.every((line) => listItem.test(line));
    builder.add({ type: list ? 'list' : 'paragraph', text: paragraph });
  }
  return builder.finish();
}

/** Says which encoding was chosen by its letters, so that a wrong guess is seen. */
export function warnOfGuess(builder: DocumentBuilder, { encoding, guessed }: DecodedText): void {
  if (!guessed) return;
  builder.warn('encoding_guessed', `The file does not say its encoding; it was read as ${encoding}.`, {
    encoding,
  });
}
