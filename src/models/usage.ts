// Token counts and the answer's finish, from the AI SDK's shapes to ours.
import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import { type Cost, costOf, HourCacheUnpriced, type Price, type Usage } from '../contracts/money.ts';
import { type Notice, noticeOf } from '../contracts/notice.ts';
import { attribute } from '../contracts/span.ts';
import type { Charge } from './model-call.ts';

/** Null when the provider did not say how many tokens were read and written: never zero for unknown. */
export function toUsage(usage: LanguageModelV4Usage): Usage | null {
  const input = usage.inputTokens.total;
  const output = usage.outputTokens.total;
  if (input === undefined || output === undefined) return null;
  return {
    input,
    output,
    cacheRead: usage.inputTokens.cacheRead ?? 0,
    cacheWrite: usage.inputTokens.cacheWrite ?? 0,
    reasoning: usage.outputTokens.reasoning ?? 0,
    ...longWrites(usage.raw),
  };
}

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

/** What was written to a cache that is kept for an hour or more, where a provider says so: it has a price of its own. */
function longWrites(raw: unknown): Pick<Usage, 'cacheWriteLong'> {
  const { cache_creation, input_tokens_details, prompt_tokens_details, cacheDetails } = fieldsOf(raw);
  const read = fieldsOf(input_tokens_details ?? prompt_tokens_details);
  const counts = [
    fieldsOf(cache_creation).ephemeral_1h_input_tokens,
    fieldsOf(read.cache_write_tokens_details).ttl_12h_tokens,
    ...(Array.isArray(cacheDetails) ? cacheDetails : [])
      .map(fieldsOf)
      .filter(({ ttl }) => ttl !== '5m')
      .map(({ inputTokens }) => inputTokens),
  ];
  const total = counts.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0);
  return total > 0 ? { cacheWriteLong: total } : {};
}

/** The cost of a call that reached its model; without usage it is unknown, unless nothing is ever charged. */
export function priceOf(usage: Usage | null, price: Price): { cost: Cost; note: Notice | null } {
  if (price.kind === 'none') return { cost: { kind: 'none' }, note: null };
  if (usage === null) {
    return {
      cost: { kind: 'unknown' },
      note: noticeOf('cost_unknown_counts', 'The provider reported no token counts, so the cost is unknown.'),
    };
  }
  try {
    return { cost: costOf(usage, price), note: null };
  } catch (error) {
    const reason = (error as Error).message;
    const message = `The cost is unknown: ${reason}.`;
    return {
      cost: { kind: 'unknown' },
      note:
        error instanceof HourCacheUnpriced
          ? noticeOf('cost_unknown_hour_cache', message, { tokens: error.tokens })
          : noticeOf('cost_unknown', message, { reason }),
    };
  }
}

/** What all attempts of a call took together, as far as it was told. One that told nothing makes the cost unknown. */
export function sumCharges(charges: readonly Charge[]): Charge {
  const [only] = charges;
  if (only !== undefined && charges.length === 1) return only;
  const usages = charges.flatMap(({ usage }) => (usage === null ? [] : [usage]));
  const costs = charges.flatMap(({ cost }) => (cost === null ? [] : [cost]));
  const known = costs.flatMap((cost) => (cost.kind === 'known' ? [cost.nanoDollars] : []));
  const cost: Cost | null =
    costs.length === 0
      ? null
      : costs.some(({ kind }) => kind === 'unknown')
        ? { kind: 'unknown' }
        : known.length === 0
          ? { kind: 'none' }
          : { kind: 'known', nanoDollars: known.reduce((sum, one) => sum + one, 0) };
  if (usages.length === 0) return { usage: null, cost };
  const sum = (field: Exclude<keyof Usage, 'cacheWriteLong'>) =>
    usages.reduce((total, usage) => total + usage[field], 0);
  return {
    cost,
    usage: {
      input: sum('input'),
      output: sum('output'),
      cacheRead: sum('cacheRead'),
      cacheWrite: sum('cacheWrite'),
      reasoning: sum('reasoning'),
    },
  };
}

/** What the same tokens would have cost at another price, less what they cost; null where that cannot be said. */
export function savedNano(usage: Usage | null, cost: Cost, reference: Price): number | null {
  if (usage === null || cost.kind === 'unknown') return null;
  const other = priceOf(usage, reference).cost;
  if (other.kind !== 'known') return null;
  return other.nanoDollars - (cost.kind === 'known' ? cost.nanoDollars : 0);
}

export function usageAttributes(usage: Usage | null): Record<string, unknown> {
  if (usage === null) return {};
  return {
    [attribute.inputTokens]: usage.input,
    [attribute.outputTokens]: usage.output,
    [attribute.cacheReadTokens]: usage.cacheRead,
    [attribute.cacheWriteTokens]: usage.cacheWrite,
    [attribute.reasoningTokens]: usage.reasoning,
  };
}
