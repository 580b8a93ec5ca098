import { expect, test } from 'vitest';
import { usagePeriod, usageSeries } from './usage-range.ts';

const DAY = 86_400_000;
const now = Date.UTC(2026, 10, 30, 19, 20);
const date = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);

test('each range begins with a whole hour or day', () => {
  expect(date(usagePeriod({ range: 'day' }, now).from)).toBe('2026-11-29T20:00');
  expect(date(usagePeriod({}, now).from)).toBe('2026-11-24T00:00');
  expect(date(usagePeriod({ range: 'days30' }, now).from)).toBe('2026-11-01T00:00');
  expect(date(usagePeriod({ range: 'month' }, Date.UTC(2026, 1, 3)).from)).toBe('2026-02-01T00:00');
});

test('an own range holds both of its days, whichever comes first', () => {
  for (const [first, last] of [
    ['2026-11-03', '2026-11-05'],
    ['2026-11-05', '2026-11-03'],
  ] as const) {
    const { from, to } = usagePeriod({ range: 'own', first, last }, now);
    expect([date(from), date(to)]).toEqual(['2026-11-03T00:00', '2026-11-06T00:00']);
  }
  expect(usagePeriod({ range: 'own', first: '2026-11-03', last: '2026-11-03' }, now).step).toBe('hour');
});

test('days without a call are days too, and the future has none', () => {
  const row = { group: String(Date.UTC(2026, 10, 26)), label: '', calls: 3, errors: 1, inputTokens: 5 };
  const rest = { outputTokens: 6, costNano: 7, unpricedCalls: 0, durationMs: null, firstTokenMs: null };
  const points = usageSeries([{ ...row, ...rest }], usagePeriod({}, now), now);
  expect(points).toHaveLength(7);
  expect(points.map(({ calls }) => calls)).toEqual([0, 0, 3, 0, 0, 0, 0]);
  expect(usageSeries([], usagePeriod({ range: 'own', first: '2020-01-01' }, now), now)).toHaveLength(400);
  expect(usageSeries([], { from: now - DAY, to: now + 9 * DAY, step: 'day' }, now)).toHaveLength(2);
});
