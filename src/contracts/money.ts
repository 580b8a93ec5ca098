// Money is integers: prices in nano-dollars per million tokens, cost in nano-dollars, rounded half-up once a call.
import { z } from 'zod';

const nano = z.number().int().nonnegative();

const ratesShape = {
  input: nano.describe('Nano-dollars per million input tokens'),
  output: nano.describe('Nano-dollars per million output tokens'),
  cacheRead: nano
    .nullable()
    .describe('Nano-dollars per million input tokens read from a cache; null: as input'),
  cacheWrite: nano
    .nullable()
    .describe('Nano-dollars per million input tokens written to a cache; null: as input'),
  cacheWriteLong: nano
    .optional()
    .describe(
      'The same for a cache that is kept for an hour or more; absent: such a call has no known price',
    ),
};

/** `none`: nothing is charged (a local model). `unknown`: no price has a source, and never zero. */
export const priceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('unknown') }),
  z.object({
    kind: z.literal('tokens'),
    ...ratesShape,
    longPrompt: z
      .object({ over: z.number().int().positive(), ...ratesShape })
      .optional()
      .describe('What the whole call is charged by when its input tokens exceed `over`'),
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
  cacheWriteLong: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('The part of `cacheWrite` that is kept for an hour or more'),
});
export type Usage = z.infer<typeof usageSchema>;

export const noUsage: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 };

const MILLION = 1_000_000n;

/** Tokens went into a cache that is kept for an hour or more, and the price does not tell what that costs. */
export class HourCacheUnpriced extends RangeError {
  readonly tokens: number;
  constructor(tokens: number) {
    super(`${tokens} tokens were written to a cache for an hour or more, which has no price`);
    this.tokens = tokens;
  }
}

/**
 * The cost of one call, in nano-dollars, rounded half-up once.
 * @throws RangeError when the parts of `usage.input` exceed it, when tokens were written to a cache for an hour and that
 * has no price, or when the cost is no safe integer.
 */
export function costOf(usage: Usage, price: Price): Cost {
  if (price.kind !== 'tokens') return { kind: price.kind };
  const plain = usage.input - usage.cacheRead - usage.cacheWrite;
  if (plain < 0) {
    throw new RangeError(
      `cached tokens (${usage.cacheRead} read, ${usage.cacheWrite} written) exceed input tokens (${usage.input})`,
    );
  }
  const longWrites = usage.cacheWriteLong ?? 0;
  if (longWrites > usage.cacheWrite) {
    throw new RangeError(
      `tokens kept in a cache for long (${longWrites}) exceed those written (${usage.cacheWrite})`,
    );
  }
  const rates = price.longPrompt && usage.input > price.longPrompt.over ? price.longPrompt : price;
  if (longWrites > 0 && rates.cacheWriteLong === undefined) throw new HourCacheUnpriced(longWrites);
  const total =
    BigInt(plain) * BigInt(rates.input) +
    BigInt(usage.cacheRead) * BigInt(rates.cacheRead ?? rates.input) +
    BigInt(usage.cacheWrite - longWrites) * BigInt(rates.cacheWrite ?? rates.input) +
    BigInt(longWrites) * BigInt(rates.cacheWriteLong ?? rates.input) +
    BigInt(usage.output) * BigInt(rates.output);
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
