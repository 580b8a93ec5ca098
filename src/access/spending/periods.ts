// Days and months of UTC.
import type { Budget } from '../../contracts/access.ts';

const DAY_MS = 86_400_000;

export function periodStart(period: Budget['period'], now: number): number {
  if (period === 'day') return now - (now % DAY_MS);
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

export function periodEnd(period: Budget['period'], now: number): number {
  if (period === 'day') return periodStart(period, now) + DAY_MS;
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
