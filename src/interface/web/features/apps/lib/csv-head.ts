// The head of a CSV file: its columns and first row, to map columns before the file is sent. RFC 4180, with the
// separators that spreadsheets write. The server reads the whole file; here only enough of it is.
export interface CsvHead {
  separator: ',' | ';' | '\t';
  columns: string[];
  first: string[];
}

const separators = [',', ';', '\t'] as const;

/** Rows of the text; an open quote at its end is closed there. */
export function readRows(text: string, separator: string, limit: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endRow = () => {
    row.push(cell);
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    cell = '';
  };
  for (let i = 0; i < text.length && rows.length < limit; i++) {
    const sign = text[i] ?? '';
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (sign === '"' && cell === '') quoted = true;
    else if (sign === separator) {
      row.push(cell);
      cell = '';
    } else if (sign === '\n') endRow();
    else if (sign !== '\r') cell += sign;
  }
  if (rows.length < limit && (cell !== '' || row.length > 0)) endRow();
  return rows;
}

/** null: there are no columns in it. */
export function readCsvHead(text: string): CsvHead | null {
  const clean = text.replace(/^\uFEFF/, '');
  const line = clean.split(/\r?\n/, 1)[0] ?? '';
  const separator = separators.reduce((best, one) =>
    line.split(one).length > line.split(best).length ? one : best,
  );
  const [columns, first] = readRows(clean, separator, 2);
  const names = (columns ?? []).map((name) => name.trim());
  return names.some((name) => name !== '') ? { separator, columns: names, first: first ?? [] } : null;
}
