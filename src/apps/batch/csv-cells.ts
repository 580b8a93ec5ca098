// Cells of a result: quoted as RFC 4180 says, and guarded where a model wrote them, because a spreadsheet would run a
// text that begins with = + - or @ as a formula.

const number = /^[+-]?(\d+([.,]\d+)*|\d{1,3}([ \u00a0\u202f]\d{3})*([.,]\d+)?)([eE][+-]?\d+)?\s?[%€$£]?$/;

/** An apostrophe before what a spreadsheet would take for a formula; numbers stay numbers. */
export const guardFormula = (text: string): string =>
  /^\s*[=+\-@]|^[\t\r]/.test(text) && !number.test(text.trim()) ? `'${text}` : text;

/** A value of an app's output in one cell. */
export function valueCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return guardFormula(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value);
}

export function csvLine(cells: readonly string[], delimiter: string): string {
  const quoted = cells.map((cell) =>
    cell.includes(delimiter) || /["\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return `${quoted.join(delimiter)}\r\n`;
}
