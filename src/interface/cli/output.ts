// How commands print: a table for people, JSON for programs.

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Columns padded to their widest cell; numbers to the right. Control characters of foreign text are made visible. */
export function printTable(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): void {
  const cells = [head, ...rows].map((row) =>
    row.map((cell) => printable(cell === null ? '-' : String(cell))),
  );
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  cells.forEach((row, index) => {
    const line = row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return index > 0 && typeof rows[index - 1]?.[column] === 'number'
          ? cell.padStart(width)
          : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
    process.stdout.write(`${line}\n`);
  });
}

/** Text from a model or a file, safe for a terminal: escape sequences cannot act. Line breaks and tabs stay. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

export function bytes(count: number | null): string {
  if (count === null) return '-';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Nano-dollars as dollars, with as many digits as the amount needs. */
export function money(cost: { kind: string; nanoDollars?: number }): string {
  if (cost.kind === 'none') return 'no charge';
  if (cost.kind === 'unknown' || cost.nanoDollars === undefined) return 'price unknown';
  const dollars = cost.nanoDollars / 1e9;
  return `$${dollars === 0 || dollars >= 0.01 ? dollars.toFixed(2) : dollars.toPrecision(2)}`;
}
