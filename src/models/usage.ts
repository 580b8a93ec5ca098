// Token counts and the answer's finish, from the AI SDK's shapes to ours.
import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import { type Cost, costOf, type Price, type Usage } from '../contracts/money.ts';

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
  };
}

/** The cost of a call that reached its model; without usage it is unknown, unless nothing is ever charged. */
export function priceOf(usage: Usage | null, price: Price): { cost: Cost; note: string | null } {
  if (price.kind === 'none') return { cost: { kind: 'none' }, note: null };
  if (usage === null) {
    return {
      cost: { kind: 'unknown' },
      note: 'The provider reported no token counts, so the cost is unknown.',
    };
  }
  try {
    return { cost: costOf(usage, price), note: null };
  } catch (error) {
    return { cost: { kind: 'unknown' }, note: `The cost is unknown: ${(error as Error).message}.` };
  }
}
