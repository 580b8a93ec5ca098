// Conversations grouped by the day on which they last changed: each of the last seven days, then months.

export type DayGroup =
  | { kind: 'today' | 'yesterday' }
  | { kind: 'day'; at: number }
  | { kind: 'month'; at: number };

const DAY_MS = 86_400_000;

export function dayGroupOf(at: number, now: number): DayGroup {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days <= 0) return { kind: 'today' };
  if (days === 1) return { kind: 'yesterday' };
  if (days < 7) return { kind: 'day', at: startOfDay(at) };
  const date = new Date(at);
  return { kind: 'month', at: new Date(date.getFullYear(), date.getMonth(), 1).getTime() };
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

export type DayRow<T> = { kind: 'heading'; group: DayGroup } | { kind: 'item'; item: T };

/** The rows of the list: a heading before the first item of each group. Items come newest first. */
export function withHeadings<T extends { updatedAt: number }>(items: readonly T[], now: number): DayRow<T>[] {
  const rows: DayRow<T>[] = [];
  let last = '';
  for (const item of items) {
    const group = dayGroupOf(item.updatedAt, now);
    const key = 'at' in group ? `${group.kind} ${group.at}` : group.kind;
    if (key !== last) rows.push({ kind: 'heading', group });
    last = key;
    rows.push({ kind: 'item', item });
  }
  return rows;
}
