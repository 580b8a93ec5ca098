import { expect, test } from 'vitest';
import { readMonitorSearch, readTraceSearch, traceFilterOf } from './filters.ts';

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

test('each tab keeps its own part of the address', () => {
  const address = {
    by: 'user',
    range: 'own',
    first: '2026-11-01',
    last: 'soon',
    measure: 'smell',
    keyId: 'k',
  };
  expect(readMonitorSearch({ tab: 'usage', ...address })).toEqual({
    tab: 'usage',
    by: 'user',
    range: 'own',
    first: '2026-11-01',
  });
  expect(readMonitorSearch(address)).toEqual({ keyId: 'k' });
});

test('a figure leads to the traces of its stretch of time', () => {
  const search = readMonitorSearch({ userId: 'ada', from: '1800000000000', to: 1_800_003_600_000, app: '' });
  expect(traceFilterOf(search, 0)).toEqual({
    userId: 'ada',
    from: 1_800_000_000_000,
    to: 1_800_003_600_000,
  });
  expect(readTraceSearch({ from: '-1', to: 'x' })).toEqual({});
});
