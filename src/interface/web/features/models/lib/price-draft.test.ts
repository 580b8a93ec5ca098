import { expect, test } from 'vitest';
import { type Price, priceSchema } from '../../../../../contracts/money.ts';
import { draftOfPrice, readPrice } from './price-draft.ts';

const full = priceSchema.parse({
  kind: 'tokens',
  input: 1_250_000_000,
  output: 10_000_000_000,
  cacheRead: 125_000_000,
  cacheWrite: 1_500_000_000,
  cacheWriteLong: 2_000_000_000,
  longPrompt: {
    over: 200_000,
    input: 2_500_000_000,
    output: 15_000_000_000,
    cacheRead: null,
    cacheWrite: 0,
    cacheWriteLong: 4_000_000_000,
  },
  source: 'entered by hand',
  date: '2026-12-01',
});

test.each([true, false])('a price that is saved as it stands loses no rate (comma: %s)', (comma) => {
  const { cacheWriteLong: _hour, longPrompt: _long, ...short } = full as Extract<Price, { kind: 'tokens' }>;
  for (const price of [full, short, { kind: 'none' } as const])
    expect(readPrice(draftOfPrice(price, comma), '2026-12-01')).toEqual({ ok: true, price });
});

test('rates for long prompts can be changed, taken away, and are asked for where they are wanted', () => {
  const draft = draftOfPrice(full, true);
  const changed = { ...draft, over: '128\u202f000', longRates: { ...draft.longRates, output: '12,5' } };
  expect(readPrice(changed, 'today')).toMatchObject({
    price: { longPrompt: { over: 128_000, input: 2_500_000_000, output: 12_500_000_000 } },
  });
  expect(readPrice({ ...draft, hasLongPrompt: false }, 'today')).not.toHaveProperty('price.longPrompt');
  const fresh = draftOfPrice({ kind: 'unknown' }, true);
  expect(readPrice({ ...fresh, hasLongPrompt: true }, 'today')).toEqual({
    ok: false,
    wrong: new Set(['input', 'output', 'over', 'long.input', 'long.output']),
  });
  expect(readPrice({ ...draft, rates: { ...draft.rates, cacheRead: 'x' }, over: '0' }, 'today')).toEqual({
    ok: false,
    wrong: new Set(['cacheRead', 'over']),
  });
});
