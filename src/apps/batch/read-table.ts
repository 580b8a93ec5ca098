// A CSV file as a header and rows. What is no table of text is refused with the reason.
import { AtelierError } from '../../contracts/errors.ts';
import { findDelimiter, readRows } from '../../retrieval/parse/csv.ts';
import { decodeText } from '../../retrieval/parse/decode-text.ts';

export interface Table {
  header: string[];
  /** Without rows that are empty all through. */
  rows: string[][];
  delimiter: string;
  /** Whether spreadsheets need a byte order mark to read the result as this file was read. */
  mark: boolean;
}

const isBlank = (row: readonly string[]) => row.every((cell) => cell.trim() === '');

/** @throws AtelierError invalid_request */
export function readTable(bytes: Uint8Array, fileName: string): Table {
  const refuse = (why: string) =>
    new AtelierError('invalid_request', `${fileName} is no CSV file that can be used: ${why}.`, {
      data: { fileName },
    });
  const { text, encoding } = decodeText(bytes);
  if (text.includes('\u0000')) throw refuse('it holds bytes that are no text');
  const delimiter = /\.(tsv|tab)$/i.test(fileName) ? '\t' : findDelimiter(text);
  const [header, ...rows] = readRows(text, delimiter).filter((row) => !isBlank(row));
  if (header === undefined) throw refuse('it is empty');
  const names = header.map((name) => name.trim());
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) throw refuse(`the column "${twice}" is there twice`);
  if (rows.length === 0) throw refuse('there is no row below its header');
  const hadMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { header: names, rows, delimiter, mark: hadMark || encoding !== 'utf-8' };
}
