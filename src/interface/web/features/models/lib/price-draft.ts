// What the price dialog's fields hold, as text, and the price they mean. Every rate of a stored price has its field, so
// that one saved by hand loses none.
import type { Price } from '../../../../../contracts/money.ts';
import { parseDollars, writeDollars } from '../../../lib/dollars.ts';

export const rateNames = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWriteLong'] as const;
export type RateName = (typeof rateNames)[number];
type RatesDraft = Record<RateName, string>;

export interface PriceDraft {
  kind: Price['kind'];
  rates: RatesDraft;
  /** What the whole call is charged by beyond so many tokens of prompt; its fields keep their text while it is off. */
  hasLongPrompt: boolean;
  over: string;
  longRates: RatesDraft;
}

type Tokens = Extract<Price, { kind: 'tokens' }>;
type Rates = Pick<Tokens, RateName>;

export type WrongField = RateName | 'over' | `long.${RateName}`;

export function draftOfPrice(price: Price, comma: boolean): PriceDraft {
  const known = price.kind === 'tokens' ? price : null;
  const rates = (from: Rates | null | undefined) =>
    Object.fromEntries(
      rateNames.map((name) => {
        const nano = from?.[name];
        return [name, nano == null ? '' : writeDollars(nano, comma)];
      }),
    ) as RatesDraft;
  return {
    kind: price.kind === 'unknown' ? 'tokens' : price.kind,
    rates: rates(known),
    hasLongPrompt: known?.longPrompt !== undefined,
    over: known?.longPrompt ? String(known.longPrompt.over) : '',
    longRates: rates(known?.longPrompt),
  };
}

/** `date`: the day it is entered, YYYY-MM-DD. */
export function readPrice(
  draft: PriceDraft,
  date: string,
): { ok: true; price: Price } | { ok: false; wrong: ReadonlySet<WrongField> } {
  if (draft.kind !== 'tokens') return { ok: true, price: { kind: draft.kind } };
  const wrong = new Set<WrongField>();
  const rates = readRates(draft.rates, (name) => wrong.add(name));
  const over = /^[\d\s\u00a0\u202f]+$/.test(draft.over) ? Number(draft.over.replace(/\s/g, '')) : 0;
  if (draft.hasLongPrompt && !(Number.isSafeInteger(over) && over > 0)) wrong.add('over');
  const longRates = draft.hasLongPrompt
    ? readRates(draft.longRates, (name) => wrong.add(`long.${name}`))
    : null;
  if (rates === null || wrong.size > 0) return { ok: false, wrong };
  return {
    ok: true,
    price: {
      kind: 'tokens',
      ...rates,
      ...(longRates === null ? {} : { longPrompt: { over, ...longRates } }),
      source: 'entered by hand',
      date,
    },
  };
}

function readRates(texts: RatesDraft, fault: (name: RateName) => void): Rates | null {
  const needed = (name: 'input' | 'output') => {
    const value = parseDollars(texts[name]);
    if (value === null) fault(name);
    return value;
  };
  const optional = (name: Exclude<RateName, 'input' | 'output'>) => {
    const value = parseDollars(texts[name]);
    if (value === null && texts[name].trim() !== '') fault(name);
    return value;
  };
  const input = needed('input');
  const output = needed('output');
  const cacheRead = optional('cacheRead');
  const cacheWrite = optional('cacheWrite');
  const cacheWriteLong = optional('cacheWriteLong');
  if (input === null || output === null) return null;
  return { input, output, cacheRead, cacheWrite, ...(cacheWriteLong === null ? {} : { cacheWriteLong }) };
}
