// The filters of the trace list as they stand in the address of the page.
import type { TraceFilter } from '../../../../contracts/span.ts';

export const traceStatuses = ['running', 'ok', 'error', 'cancelled'] as const;
export const traceSources = ['page', 'api', 'cli', 'job'] as const;
export const periods = ['hour', 'day', 'week', 'month'] as const;

export interface TraceSearch {
  text?: string;
  status?: (typeof traceStatuses)[number];
  model?: string;
  source?: string;
  rating?: 1 | -1;
  period?: (typeof periods)[number];
  conversationId?: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((one) => one === value);

/** What an address asks for; what it does not know is left out. */
export function readTraceSearch(search: Record<string, unknown>): TraceSearch {
  const rating = Number(search.rating);
  const found = {
    text: text(search.text),
    status: oneOf(traceStatuses, search.status),
    model: text(search.model),
    source: text(search.source),
    rating: rating === 1 ? (1 as const) : rating === -1 ? (-1 as const) : undefined,
    period: oneOf(periods, search.period),
    conversationId: text(search.conversationId),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

const HOUR = 3_600_000;
const lengths: Record<(typeof periods)[number], number> = {
  hour: HOUR,
  day: 24 * HOUR,
  week: 7 * 24 * HOUR,
  month: 30 * 24 * HOUR,
};

/** The question to the server. `from` is rounded to the minute, so that the same search has the same key. */
export function traceFilterOf({ period, ...rest }: TraceSearch, now: number): Partial<TraceFilter> {
  if (!period) return rest;
  return { ...rest, from: Math.floor((now - lengths[period]) / 60_000) * 60_000 };
}

/** The trace view keeps the selected step in its address. */
export function readTraceViewSearch(search: Record<string, unknown>): { span?: string } {
  const span = text(search.span);
  return span === undefined ? {} : { span };
}
