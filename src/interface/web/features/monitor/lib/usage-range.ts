// The stretch of time of the usage page: what is asked of the server, and the hours or days that its chart shows, also
// those in which nothing was called. Hours are whole; days are of UTC, as budgets count them.
import type { UsageRow } from '../../../../../contracts/usage.ts';
import type { UsageSearch } from '../filters.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface UsagePeriod {
  from: number;
  /** Excluded. Absent: up to now. */
  to?: number;
  step: 'hour' | 'day';
}

const startOfDay = (ms: number): number => ms - (ms % DAY_MS);

export function usagePeriod({ range = 'week', first, last }: UsageSearch, now: number): UsagePeriod {
  const today = startOfDay(now);
  switch (range) {
    case 'day':
      return { from: now - (now % HOUR_MS) - 23 * HOUR_MS, step: 'hour' };
    case 'week':
      return { from: today - 6 * DAY_MS, step: 'day' };
    case 'days30':
      return { from: today - 29 * DAY_MS, step: 'day' };
    case 'month': {
      const date = new Date(now);
      return { from: Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1), step: 'day' };
    }
    case 'own': {
      const from = first === undefined ? today - 6 * DAY_MS : Date.parse(first);
      const until = (last === undefined ? today : Date.parse(last)) + DAY_MS;
      // Taken the wrong way round, both ends still mean the days between them.
      const [start, end] = until > from ? [from, until] : [until - DAY_MS, from + DAY_MS];
      return { from: start, to: end, step: end - start <= 2 * DAY_MS ? 'hour' : 'day' };
    }
  }
}

/** More bars than this say nothing; an own range of years is drawn from its first days on. */
const MOST_BARS = 400;

export interface UsagePoint {
  at: number;
  calls: number;
  errors: number;
  inputTokens: number;
  outputTokens: number;
  costNano: number;
}

/** A bar an hour or day of the period. */
export function usageSeries(rows: readonly UsageRow[], period: UsagePeriod, now: number): UsagePoint[] {
  const length = period.step === 'hour' ? HOUR_MS : DAY_MS;
  const known = new Map(rows.map((row) => [Number(row.group), row]));
  const points: UsagePoint[] = [];
  const end = Math.min(period.to ?? Number.POSITIVE_INFINITY, now + 1);
  for (let at = period.from; at < end && points.length < MOST_BARS; at += length) {
    const row = known.get(at);
    points.push({
      at,
      calls: row?.calls ?? 0,
      errors: row?.errors ?? 0,
      inputTokens: row?.inputTokens ?? 0,
      outputTokens: row?.outputTokens ?? 0,
      costNano: row?.costNano ?? 0,
    });
  }
  return points;
}
