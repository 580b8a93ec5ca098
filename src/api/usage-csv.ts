// A usage report as a file for a spreadsheet: money exact to the nano-dollar, and no cell that would run as a formula.
import { csvLine, guardFormula } from '../apps/batch/csv-cells.ts';
import type { UsageQuery, UsageReport, UsageRow } from '../contracts/usage.ts';

/** Never through a float: 1234567891 becomes 1.234567891. */
function dollars(nano: number): string {
  const digits = BigInt(nano).toString().padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

const milliseconds = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(1));

const columns: Record<string, (row: UsageRow) => string> = {
  label: (row) => guardFormula(row.label),
  calls: (row) => String(row.calls),
  errors: (row) => String(row.errors),
  input_tokens: (row) => String(row.inputTokens),
  output_tokens: (row) => String(row.outputTokens),
  cost_usd: (row) => dollars(row.costNano),
  unpriced_calls: (row) => String(row.unpricedCalls),
  duration_p50_ms: (row) => milliseconds(row.durationMs?.p50),
  duration_p95_ms: (row) => milliseconds(row.durationMs?.p95),
  duration_p99_ms: (row) => milliseconds(row.durationMs?.p99),
  first_token_p50_ms: (row) => milliseconds(row.firstTokenMs?.p50),
  first_token_p95_ms: (row) => milliseconds(row.firstTokenMs?.p95),
  first_token_p99_ms: (row) => milliseconds(row.firstTokenMs?.p99),
};

export function usageCsv({ rows }: UsageReport, by: UsageQuery['by']): string {
  const groupCell = ({ group }: UsageRow) =>
    by === 'hour' || by === 'day' ? new Date(Number(group)).toISOString() : guardFormula(group);
  const lines = rows.map((row) => [groupCell(row), ...Object.values(columns).map((cell) => cell(row))]);
  // The mark tells Excel that it is UTF-8.
  return `\ufeff${[[by, ...Object.keys(columns)], ...lines].map((cells) => csvLine(cells, ',')).join('')}`;
}
