import { describe, expect, test } from 'vitest';
import type { Cost, Usage } from '../../../../../contracts/money.ts';
import type { Span } from '../../../../../contracts/span.ts';
import { firstSpan, spanRows, sumCost, sumUsage } from './span-tree.ts';

const usage = (input: number, output: number): Usage => ({
  input,
  output,
  cacheRead: 0,
  cacheWrite: 0,
  reasoning: 0,
});
function span(
  spanId: string,
  parentId: string | null,
  startUs: number,
  endUs: number | null,
  more: Partial<Span> = {},
): Span {
  return {
    traceId: 't',
    spanId,
    parentId,
    name: spanId,
    kind: 'model',
    startUs,
    endUs,
    status: endUs === null ? 'running' : 'ok',
    error: null,
    userId: 'local',
    conversationId: null,
    model: null,
    usage: null,
    cost: null,
    timeToFirstTokenMs: null,
    attributes: {},
    input: null,
    output: null,
    ...more,
  };
}

describe('the tree of a trace', () => {
  const spans = [
    span('late', 'root', 600, 1000),
    span('root', null, 0, 1000, { kind: 'run' }),
    span('early', 'root', 100, 350, { input: [] }),
    span('leaf', 'early', 150, 300),
  ];

  test('goes depth first, children by their start', () => {
    expect(spanRows(spans, 0).map(({ span: one, depth }) => `${depth} ${one.name}`)).toEqual([
      '0 root',
      '1 early',
      '2 leaf',
      '1 late',
    ]);
  });

  test('bars stand on one axis', () => {
    const row = spanRows(spans, 0).find(({ span: one }) => one.name === 'early');
    expect(row).toMatchObject({ offset: 0.1, length: 0.25, hasChildren: true });
  });

  test('an open span reaches to now, and a lost parent does not hide its child', () => {
    const rows = spanRows([span('open', 'gone', 0, null), span('done', null, 0, 500)], 2000);
    expect(rows.map(({ length }) => length)).toEqual([1, 0.25]);
  });

  test('spans that name each other as parents do not hang the page', () => {
    expect(spanRows([span('a', 'b', 0, 1), span('b', 'a', 0, 1)], 0)).toEqual([]);
  });

  test('the first model call with content is shown first', () => {
    expect(firstSpan(spanRows(spans, 0))?.name).toBe('early');
    expect(firstSpan([])).toBeUndefined();
  });
});

describe('sums', () => {
  const known = (nanoDollars: number): Cost => ({ kind: 'known', nanoDollars });
  const spans = [
    span('call', null, 0, 1, { usage: usage(100, 10) }),
    span('try', 'call', 0, 1, { usage: usage(100, 10), cost: known(5) }),
    span('retry', 'call', 0, 1, { usage: usage(100, 12), cost: known(7) }),
    span('local', 'call', 0, 1, { usage: usage(3, 4), cost: { kind: 'none' } }),
    span('odd', 'call', 0, 1, { cost: { kind: 'unknown' } }),
  ];
  test('count each charge once', () => {
    expect(sumUsage(spans)).toEqual(usage(203, 26));
    expect(sumCost(spans)).toEqual({ nanoDollars: 12, unknown: 1, free: 1 });
  });
  test('nothing known is no zero', () => {
    expect(sumCost([spans[3]!]).nanoDollars).toBeNull();
  });
});
