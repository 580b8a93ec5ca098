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
  userId?: string;
  keyId?: string;
  app?: string;
  /** Epoch milliseconds, as a figure of the usage page leads here. */
  from?: number;
  to?: number;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
const time = (value: unknown): number | undefined => {
  const found = Number(value);
  return value !== '' && value !== undefined && Number.isSafeInteger(found) && found > 0 ? found : undefined;
};
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
    userId: text(search.userId),
    keyId: text(search.keyId),
    app: text(search.app),
    from: time(search.from),
    to: time(search.to),
  };
  return withoutAbsent(found);
}

function withoutAbsent<T extends object>(found: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as never;
}

export const usageRanges = ['day', 'week', 'days30', 'month', 'own'] as const;
export type UsageRange = (typeof usageRanges)[number];
export const usageTables = ['model', 'user', 'key', 'app', 'source'] as const;
export type UsageTable = (typeof usageTables)[number];
export const usageMeasures = ['spend', 'tokens', 'calls'] as const;
export type UsageMeasure = (typeof usageMeasures)[number];

/** What the usage tab shows; absent: the last 7 days by model, in money where any was spent. */
export interface UsageSearch {
  range?: UsageRange;
  by?: UsageTable;
  measure?: UsageMeasure;
  /** Days of an own range, as YYYY-MM-DD; both are in it. */
  first?: string;
  last?: string;
}

const day = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;

export interface MonitorSearch extends TraceSearch, UsageSearch {
  tab?: 'usage';
}

/** Each tab keeps its own part of the address. */
export function readMonitorSearch(search: Record<string, unknown>): MonitorSearch {
  if (search.tab !== 'usage') return readTraceSearch(search);
  return {
    tab: 'usage',
    ...withoutAbsent({
      range: oneOf(usageRanges, search.range),
      by: oneOf(usageTables, search.by),
      measure: oneOf(usageMeasures, search.measure),
      first: day(search.first),
      last: day(search.last),
    }),
  };
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
