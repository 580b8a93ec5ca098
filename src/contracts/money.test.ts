// Cost: integers only, rounded half-up once a call.
import { describe, expect, test } from 'vitest';
import { costOf, noUsage, type Price, type Usage } from './money.ts';

const price = (fields: Partial<Extract<Price, { kind: 'tokens' }>>): Price => ({
  kind: 'tokens',
  input: 0,
  output: 0,
  cacheRead: null,
  cacheWrite: null,
  source: 'a test',
  date: '2026-01-01',
  ...fields,
});
const usage = (fields: Partial<Usage>): Usage => ({ ...noUsage, ...fields });
const known = (nanoDollars: number) => ({ kind: 'known', nanoDollars });

describe('the cost of a call', () => {
  test.each<[string, Usage, Price, number]>([
    // $3 a million is 3,000 nano-dollars a token.
    [
      'input and output',
      usage({ input: 1000, output: 200 }),
      price({ input: 3e9, output: 15e9 }),
      1000 * 3000 + 200 * 15_000,
    ],
    ['nothing', noUsage, price({ input: 3e9 }), 0],
    ['half a nano-dollar is rounded up', usage({ input: 1 }), price({ input: 500_000 }), 1],
    ['less than half is rounded down', usage({ input: 1 }), price({ input: 499_999 }), 0],
    ['one and a half is two', usage({ input: 3 }), price({ input: 500_000 }), 2],
    [
      'rounded once, not a part: 0.4 + 0.4',
      usage({ input: 1, output: 1 }),
      price({ input: 400_000, output: 400_000 }),
      1,
    ],
    [
      'rounded once, not a part: 0.5 + 0.5',
      usage({ input: 1, output: 1 }),
      price({ input: 500_000, output: 500_000 }),
      1,
    ],
    [
      'cached tokens have their own prices',
      usage({ input: 1000, cacheRead: 600, cacheWrite: 300 }),
      price({ input: 3e9, cacheRead: 3e8, cacheWrite: 375e7 }),
      100 * 3000 + 600 * 300 + 300 * 3750,
    ],
    [
      'cached tokens without a price of their own cost as input',
      usage({ input: 10, cacheRead: 6, cacheWrite: 4 }),
      price({ input: 1e9 }),
      10_000,
    ],
    [
      'tokens kept in a cache for an hour have their own price',
      usage({ input: 1000, cacheWrite: 300, cacheWriteLong: 100 }),
      price({ input: 3e9, cacheWrite: 375e7, cacheWriteLong: 6e9 }),
      700 * 3000 + 200 * 3750 + 100 * 6000,
    ],
    [
      'a prompt at the border is charged as a short one',
      usage({ input: 200_000, output: 10 }),
      price({
        input: 1e9,
        output: 2e9,
        longPrompt: { over: 200_000, input: 2e9, output: 3e9, cacheRead: 0, cacheWrite: null },
      }),
      200_000 * 1000 + 10 * 2000,
    ],
    [
      'beyond it the whole call is charged by the long rates, cached tokens too',
      usage({ input: 200_001, output: 10, cacheRead: 200_000 }),
      price({
        input: 1e9,
        output: 2e9,
        longPrompt: { over: 200_000, input: 2e9, output: 3e9, cacheRead: 5e8, cacheWrite: null },
      }),
      1 * 2000 + 200_000 * 500 + 10 * 3000,
    ],
    ['a free cache is free', usage({ input: 10, cacheRead: 10 }), price({ input: 1e9, cacheRead: 0 }), 0],
    [
      'reasoning is a part of output, charged once',
      usage({ output: 100, reasoning: 90 }),
      price({ output: 1e9 }),
      100_000,
    ],
    // 2e15 products of 9e15 are past 2^53 before the division.
    [
      'large',
      usage({ input: 2_000_000_000, output: 1 }),
      price({ input: 1_000_000_000_001, output: 499_999 }),
      2_000_000_000_002_000,
    ],
  ])('%s', (_name, used, at, expected) => {
    expect(costOf(used, at)).toEqual(known(expected));
  });

  test('nothing charged and an unknown price stay what they are, whatever was used', () => {
    expect(costOf(usage({ input: 10 }), { kind: 'none' })).toEqual({ kind: 'none' });
    expect(costOf(usage({ input: 10 }), { kind: 'unknown' })).toEqual({ kind: 'unknown' });
  });

  test('more cached than read tokens is a fault of the figures', () => {
    expect(() => costOf(usage({ input: 5, cacheRead: 6 }), price({}))).toThrow(RangeError);
    expect(() => costOf(usage({ input: 5, cacheRead: 3, cacheWrite: 3 }), price({}))).toThrow(
      /exceed input tokens \(5\)/,
    );
  });

  test('tokens kept in a cache for an hour without a price for that make the cost unknown, not guessed', () => {
    const used = usage({ input: 10, cacheWrite: 5, cacheWriteLong: 5 });
    expect(() => costOf(used, price({ input: 1e9, cacheWrite: 125e7 }))).toThrow(/for an hour or more/);
    expect(() => costOf({ ...used, cacheWrite: 4 }, price({}))).toThrow(/exceed those written/);
  });

  test('a cost that no safe integer holds is refused, not rounded', () => {
    expect(() => costOf(usage({ input: Number.MAX_SAFE_INTEGER }), price({ input: 1e9 }))).toThrow(
      RangeError,
    );
  });
});
