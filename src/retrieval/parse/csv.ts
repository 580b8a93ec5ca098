// Comma- or otherwise separated values: one table, a row a line. Quoting as RFC 4180 says; the separator is the one
// that gives the most rows of one length.
import type { ParsedDocument } from '../../contracts/document.ts';
import { decodeText } from './decode-text.ts';
import { extensionOf } from './detect-kind.ts';
import { createDocumentBuilder } from './document-builder.ts';
import { empty, type ParseInput } from './parser.ts';
import { warnOfGuess } from './text.ts';

export function parseCsv(input: ParseInput): ParsedDocument {
  const builder = createDocumentBuilder(input);
  const decoded = decodeText(input.bytes);
  warnOfGuess(builder, decoded);
  if (decoded.text.trim() === '') throw empty(input.name);
  const delimiter = ['tsv', 'tab'].includes(extensionOf(input.name)) ? '\t' : findDelimiter(decoded.text);
  const rows = readRows(decoded.text, delimiter);
  builder.addTable(rows, { headerRows: headerRowsOf(rows) });
  return builder.finish();
}

/** Rows of cells, quotes taken off. A quote that is never closed ends with the text. */
export function readRows(text: string, delimiter: string, most = Number.POSITIVE_INFINITY): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length && rows.length < most) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; at < text.length; at++) {
        const quote = text.indexOf('"', at);
        cell += text.slice(at, quote < 0 ? text.length : quote);
        at = quote < 0 ? text.length : quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
      }
    }
    const rest = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++;
    row.push(cell + text.slice(rest, at));
    if (text[at] === delimiter) {
      at++;
      if (at === text.length) row.push('');
      else continue;
    }
    rows.push(row);
    row = [];
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

export function findDelimiter(text: string): string {
  const head = text.slice(0, 50_000);
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of [',', ';', '\t', '|']) {
    const lengths = new Map<number, number>();
    const rows = readRows(head, delimiter, 100).filter((row) => row.some((cell) => cell.trim() !== ''));
    for (const row of rows) lengths.set(row.length, (lengths.get(row.length) ?? 0) + 1);
    const [length, count] = [...lengths].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1, 0];
    const score = length < 2 ? 0 : (count / rows.length) * (1 + Math.min(length, 20) / 100);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

const numeric = /^[\s\d.,:%€$£+\-/()]+$/;

/**
 * How many first rows are a header: names over the columns, of which at least two; what stands above them, as a title
 * does, belongs to it.
 */
export function headerRowsOf(rows: readonly (readonly string[])[]): number {
  const width = Math.max(
    0,
    ...rows.slice(0, 50).map((row) => row.filter((cell) => cell.trim() !== '').length),
  );
  for (const [index, row] of rows.slice(0, 4).entries()) {
    const cells = row.map((cell) => cell.trim()).filter((cell) => cell !== '');
    if (cells.length < Math.max(2, width / 2)) continue;
    const names =
      cells.every((cell) => !numeric.test(cell) && cell.length < 80) && new Set(cells).size === cells.length;
    return names && rows.length > index + 1 ? index + 1 : 0;
  }
  return 0;
}
