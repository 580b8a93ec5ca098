// The rows of a CSV file from its lines, one row in memory at a time: a quoted cell may go over several lines. A quote that
// nobody closes is a fault of its row, and the rows after its first line are read again. A carriage return alone ends a row
// too, as some spreadsheets write it.
import { readRows } from '../../../retrieval/parse/csv.ts';
import type { Problem } from '../example-body.ts';
import type { FileLine } from './read-lines.ts';

const MAX_RECORD_LENGTH = 8 * 1024 * 1024;

export interface CsvRecord {
  /** Of its first line. */
  line: number;
  /** Null where `problem` says why. */
  cells: string[] | null;
  problem: Problem | null;
}

/** Whether a quoted cell is still open at the end of a line; quotes count only at the beginning of a cell, as RFC 4180 says. */
function opensAt(text: string, delimiter: string, open: boolean): boolean {
  let at = 0;
  let inside = open;
  let carriage = text.indexOf('\r');
  for (;;) {
    if (!inside && text[at] === '"') {
      inside = true;
      at++;
    }
    if (inside) {
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) return true;
        at = quote + 1;
        if (text[at] !== '"') break;
        at++;
      }
      inside = false;
    }
    const next = text.indexOf(delimiter, at);
    if (carriage >= 0 && carriage < at) carriage = text.indexOf('\r', at);
    if (next < 0 && carriage < 0) return false;
    at = (next < 0 ? carriage : carriage < 0 ? next : Math.min(next, carriage)) + 1;
  }
}

export async function* csvRecords(
  lines: AsyncIterable<FileLine>,
  delimiter: string,
): AsyncGenerator<CsvRecord> {
  const source = lines[Symbol.asyncIterator]();
  /** Lines that are read again. */
  const again: FileLine[] = [];
  const next = async (): Promise<FileLine | null> => {
    const kept = again.shift();
    if (kept !== undefined) return kept;
    const { value, done } = await source.next();
    return done === true ? null : value;
  };
  try {
    for (let first = await next(); first !== null; first = await next()) {
      if (first.text === null) {
        yield { line: first.number, cells: null, problem: first.problem };
        continue;
      }
      if (first.text.trim() === '') continue;
      const parts = [first];
      let length = first.text.length;
      let open = opensAt(first.text, delimiter, false);
      while (open && length <= MAX_RECORD_LENGTH) {
        const more = await next();
        if (more === null) break;
        parts.push(more);
        if (more.text === null) break;
        length += more.text.length + 1;
        open = opensAt(more.text, delimiter, true);
      }
      if (open) {
        again.unshift(...parts.slice(1));
        yield {
          line: first.number,
          cells: null,
          problem: { code: 'open_quote', message: 'a cell opens a quote that nothing closes' },
        };
        continue;
      }
      // A cell keeps the ends of lines that it was written with.
      const last = parts.length - 1;
      const text = parts
        .map((part, index) => (part.text ?? '') + (index === last ? '' : part.carriage ? '\r\n' : '\n'))
        .join('');
      for (const [index, cells] of readRows(text, delimiter).entries())
        if (cells.length > 1 || cells[0]?.trim() !== '')
          yield { line: first.number + index, cells, problem: null };
    }
  } finally {
    await source.return?.(undefined);
  }
}
