// The data file of prices: every row has a source, and what has no row has no price.
import { expect, test } from 'vitest';
import { costOf } from '../../contracts/money.ts';
import { createPriceBook } from './price-book.ts';
import rows from './prices.json' with { type: 'json' };

const book = createPriceBook();

test('every row says where it was read and when, and none of them is free', () => {
  expect(rows.length).toBeGreaterThan(60);
  for (const row of rows) {
    expect(row.source, row.models[0]).toMatch(/^[\w.-]+\.[a-z]+\/\S+/);
    expect(row.date, row.models[0]).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(row.input, row.models[0]).toBeGreaterThan(0);
  }
});

test.each([
  ['its name', 'anthropic', 'claude-haiku-4-5', 1e9],
  ['a dated snapshot', 'anthropic', 'claude-haiku-4-5-20251001', 1e9],
  ['a snapshot dated with dashes', 'openai', 'gpt-5-2025-08-07', 1.25e9],
  ['a snapshot with a row of its own', 'openai', 'gpt-4o-2024-05-13', 5e9],
] as const)('a model is found by %s', (_name, kind, model, input) => {
  expect(book.find(kind, model)?.price).toMatchObject({ kind: 'tokens', input });
});

test.each([
  ['anthropic', 'claude-haiku-99'],
  ['openai', 'gpt-5-2025'],
  ['openai', 'claude-haiku-4-5'],
  ['openai-compatible', 'gpt-4o'],
  ['bedrock', 'eu.anthropic.claude-opus-5'],
] as const)('%s %s has no row, so no price', (kind, model) => {
  expect(book.find(kind, model)).toBeNull();
});

test('a long prompt costs what the long rates say, to the nano-dollar', () => {
  const price = book.find('google', 'gemini-2.5-pro')?.price;
  if (!price) throw new Error('no price');
  const usage = { input: 200_000, output: 1, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
  expect(costOf(usage, price)).toEqual({ kind: 'known', nanoDollars: 250_010_000 });
  expect(costOf({ ...usage, input: 200_001 }, price)).toEqual({ kind: 'known', nanoDollars: 500_017_500 });
});

test('a price that begins later takes over on its day', () => {
  const at = (day: string) => createPriceBook(rows, () => Date.parse(day)).find('google', 'gemini-3.6-flash');
  expect(at('2026-12-31')?.price).toMatchObject({ input: 0.75e9 });
  expect(at('2027-01-01')?.price).toMatchObject({ input: 1.5e9 });
});

test('a faulty data file is refused with each of its faults', () => {
  const row = {
    provider: 'openai',
    models: ['m'],
    input: 1,
    output: 1,
    cacheRead: null,
    cacheWrite: null,
    source: 's.x/y',
    date: '2026-01-01',
  };
  expect(() => createPriceBook([row, row])).toThrow(/openai\/m stands twice/);
  expect(() => createPriceBook([{ ...row, input: -1 }])).toThrow(/faults/);
  expect(() => createPriceBook([{ ...row, source: '' }])).toThrow(/source/);
});
