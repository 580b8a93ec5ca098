// What the readers of all dialects have in common.
import type { LanguageModelV4FinishReason, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { RelaySummary } from './read-usage.ts';

export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
export const rowsOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

export const emptySummary = (): RelaySummary => ({
  text: '',
  reasoning: '',
  toolCalls: [],
  finishReason: null,
  usage: null,
  responseId: null,
  malformed: 0,
  error: null,
  beyondTokens: [],
});

export const finish = (
  unified: LanguageModelV4FinishReason['unified'],
  raw: string,
): LanguageModelV4FinishReason => ({ unified, raw });

/** Tiers that are charged by the list. */
const listed = ['', 'auto', 'default', 'standard', 'standard_only'];

export function note(summary: RelaySummary, why: string): void {
  if (!summary.beyondTokens.includes(why)) summary.beyondTokens.push(why);
}

export function noteTier(summary: RelaySummary, tier: unknown): void {
  const name = textOf(tier);
  if (!listed.includes(name)) note(summary, `service tier ${name}`);
}

/** Null without both totals: never zero for unknown. */
export function usageOf(
  input: { total: number | undefined; cacheRead?: number | undefined; cacheWrite?: number | undefined },
  output: { total: number | undefined; reasoning?: number | undefined },
  raw: Fields,
): LanguageModelV4Usage | null {
  if (input.total === undefined || output.total === undefined) return null;
  const { cacheRead, cacheWrite } = input;
  return {
    inputTokens: {
      total: input.total,
      noCache: input.total - (cacheRead ?? 0) - (cacheWrite ?? 0),
      cacheRead,
      cacheWrite,
    },
    outputTokens: {
      total: output.total,
      text: output.reasoning === undefined ? undefined : Math.max(0, output.total - output.reasoning),
      reasoning: output.reasoning,
    },
    raw: raw as NonNullable<LanguageModelV4Usage['raw']>,
  };
}
