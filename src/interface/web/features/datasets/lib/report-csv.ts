// The faults of an import as a table for a spreadsheet.
import type { ImportFault } from '../../../../../contracts/dataset.ts';

/** In quotes where it must be; what a spreadsheet would take for a formula begins with an apostrophe. */
const cell = (value: string | number): string => {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export function reportCsv(faults: readonly ImportFault[], wordsOf: (fault: ImportFault) => string): string {
  const rows = faults.map((fault) => [fault.line ?? '', fault.code, wordsOf(fault), fault.message]);
  return `\ufeff${[['line', 'code', 'reason', 'detail'], ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
