import { expect, test } from 'vitest';
import { readTraceSearch, traceFilterOf } from './filters.ts';

test('an address is read with what it knows and nothing else', () => {
  expect(
    readTraceSearch({ status: 'error', rating: '-1', text: 42, period: 'year', source: '', other: 'x' }),
  ).toEqual({ status: 'error', rating: -1, text: '42' });
  expect(readTraceSearch({})).toEqual({});
});

test('a period becomes a start that holds for a minute', () => {
  const now = 1_800_000_030_000;
  expect(traceFilterOf({ period: 'hour', model: 'm' }, now)).toEqual({ model: 'm', from: 1_799_996_400_000 });
  expect(traceFilterOf({ period: 'hour' }, now).from).toBe(
    traceFilterOf({ period: 'hour' }, now + 20_000).from,
  );
  expect(traceFilterOf({ status: 'ok' }, now)).toEqual({ status: 'ok' });
});
