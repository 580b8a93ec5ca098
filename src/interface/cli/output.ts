// How commands print: a table for people, JSON for programs. What came from a model or a file cannot act on a terminal.

const gone = new AbortController();
/** Fires when nobody reads the output any more (`| head -1`, a closed terminal) or it cannot be written (a full disk). */
export const outputGone: AbortSignal = gone.signal;

/** A reader that left is no fault; an output that cannot be written is one. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (gone.signal.aborted) return;
    gone.abort();
    if (['EPIPE', 'EIO'].includes(error.code ?? '')) return;
    process.stderr.write(`The output cannot be written: ${error.message}.\n`);
    process.on('exit', () => {
      process.exitCode = 1;
    });
  });
  // There is nowhere left to say it.
  process.stderr.on('error', () => {});
}

/** C1 controls are escape sequences to some terminals, and JSON lets them pass. */
const toJson = (value: unknown, indent?: number) =>
  JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );

export function printJson(value: unknown): void {
  process.stdout.write(`${toJson(value, 2)}\n`);
}

/** One line an object, for streams of events and for errors. */
export function jsonLine(value: unknown): string {
  return `${toJson(value)}\n`;
}

export type Cell = string | number | null;

export function printTable(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  process.stdout.write(formatTable(head, rows, width));
}

/** Columns padded to their widest cell, numbers to the right; the last column is cut at `width` with an ellipsis. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  width: number = Number.POSITIVE_INFINITY,
): string {
  const cells = [head, ...rows].map((row) =>
    row.map((cell) => (cell === null ? '-' : printable(String(cell)).replace(/\s+/g, ' '))),
  );
  const numeric = head.map(
    (_, column) =>
      rows.some((row) => typeof row[column] === 'number') &&
      rows.every((row) => typeof row[column] !== 'string'),
  );
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => {
    const text = row
      .map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
    return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
  };
  return cells.map((row) => `${line(row)}\n`).join('');
}

/** Name and value, one a line. */
export function printFacts(facts: readonly (readonly [name: string, value: Cell])[]): void {
  const width = Math.max(...facts.map(([name]) => name.length));
  for (const [name, value] of facts)
    process.stdout.write(`${name.padEnd(width)}  ${value === null ? '-' : printable(String(value))}\n`);
}

/** Text from a model or a file, safe for a terminal: escape sequences cannot act. Line breaks and tabs stay. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** Quieter than the text round it, where the output is a terminal that shows that. */
export function dim(text: string): string {
  return process.stdout.isTTY && !process.env.NO_COLOR ? `\x1b[2m${text}\x1b[22m` : text;
}

export function bytes(count: number | null): string {
  if (count === null) return '-';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Nano-dollars as dollars, with as many digits as the amount needs. */
export function money(cost: { kind: string; nanoDollars?: number }): string {
  if (cost.kind === 'none') return 'no charge';
  if (cost.kind === 'unknown' || cost.nanoDollars === undefined) return 'price unknown';
  const dollars = cost.nanoDollars / 1e9;
  if (dollars === 0 || dollars >= 0.01) return `$${dollars.toFixed(2)}`;
  // Two digits that count, and never an exponent.
  return `$${dollars.toFixed(Math.min(9, 1 - Math.floor(Math.log10(dollars))))}`;
}
