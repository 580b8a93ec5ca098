// Money is integers: prices in nano-dollars per million tokens, cost in nano-dollars, rounded half-up once a call.
import { z } from 'zod';

const nano = z.number().int().nonnegative();

/** `none`: nothing is charged (a local model). `unknown`: no price has a source, and never zero. */
export const priceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('unknown') }),
  z.object({
    kind: z.literal('tokens'),
    input: nano.describe('Nano-dollars per million input tokens'),
    output: nano.describe('Nano-dollars per million output tokens'),
    cacheRead: nano
      .nullable()
      .describe('Nano-dollars per million input tokens read from a cache; null: as input'),
    cacheWrite: nano
      .nullable()
      .describe('Nano-dollars per million input tokens written to a cache; null: as input'),
    source: z.string().describe('Where the price was read, or "entered by hand"'),
    date: z.string().describe('The day on which it was read, YYYY-MM-DD'),
  }),
]);
export type Price = z.infer<typeof priceSchema>;

export const costSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('unknown') }),
  z.object({ kind: z.literal('known'), nanoDollars: nano }),
]);
export type Cost = z.infer<typeof costSchema>;

/** Tokens of one call. Cached and written tokens are parts of `input`, reasoning tokens a part of `output`. */
export const usageSchema = z.object({
  input: z.number().int().nonnegative(),
  output: z.number().int().nonnegative(),
  cacheRead: z.number().int().nonnegative(),
  cacheWrite: z.number().int().nonnegative(),
  reasoning: z.number().int().nonnegative(),
});
export type Usage = z.infer<typeof usageSchema>;

export const noUsage: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 };

const MILLION = 1_000_000n;

/**
 * The cost of one call, in nano-dollars, rounded half-up once.
 * @throws RangeError when the parts of `usage.input` exceed it or the cost is no safe integer.
 */
export function costOf(usage: Usage, price: Price): Cost {
  if (price.kind !== 'tokens') return { kind: price.kind };
  const plain = usage.input - usage.cacheRead - usage.cacheWrite;
  if (plain < 0) {
    throw new RangeError(
      `cached tokens (${usage.cacheRead} read, ${usage.cacheWrite} written) exceed input tokens (${usage.input})`,
    );
  }
  const total =
    BigInt(plain) * BigInt(price.input) +
    BigInt(usage.cacheRead) * BigInt(price.cacheRead ?? price.input) +
    BigInt(usage.cacheWrite) * BigInt(price.cacheWrite ?? price.input) +
    BigInt(usage.output) * BigInt(price.output);
  const nanoDollars = Number((total + MILLION / 2n) / MILLION);
  if (!Number.isSafeInteger(nanoDollars))
    throw new RangeError(`a cost of ${nanoDollars} nano-dollars is no safe integer`);
  return { kind: 'known', nanoDollars };
}

/** `$12.5`, exact, at least two decimals where there are any: for messages; the page words money by locale. */
export function dollarsOf(nanoDollars: number): string {
  const sign = nanoDollars < 0 ? '-' : '';
  const amount = Math.abs(nanoDollars);
  const whole = Math.floor(amount / 1e9);
  const rest = String(amount % 1e9)
    .padStart(9, '0')
    .replace(/0{1,7}$/, '');
  return `${sign}$${whole}.${rest}`;
}
