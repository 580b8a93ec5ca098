// The headers of an answer on this wire: what every wire tells, and the limits as OpenAI's clients read them.
import type { LimitState } from '../../../contracts/access.ts';
import { type AnswerFacts, answerHeaders, headerText } from '../../answer-headers.ts';

/** As OpenAI words a time until a reset: `250ms`, `1s`, `6m0s`, `1h0m0s`. */
export function resetText(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.ceil(ms))}ms`;
  const seconds = Math.ceil(ms / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

export function limitHeaders(limits: LimitState | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const unit of ['requests', 'tokens'] as const) {
    const state = limits?.[unit];
    if (!state) continue;
    headers[`x-ratelimit-limit-${unit}`] = String(state.limit);
    headers[`x-ratelimit-remaining-${unit}`] = String(Math.max(0, state.remaining));
    headers[`x-ratelimit-reset-${unit}`] = resetText(state.resetMs);
  }
  return headers;
}

/** `notes`: what the dialect itself has to say, beside the gateway's warnings. */
export function openAiHeaders(
  answer: AnswerFacts & { limits?: LimitState },
  notes: readonly string[] = [],
): Record<string, string> {
  const warnings = [...(answer.warnings ?? []), ...notes];
  return { ...answerHeaders({ ...answer, warnings }), ...limitHeaders(answer.limits) };
}

/** The same before a model has been asked. */
export function noteHeaders(notes: readonly string[]): Record<string, string> {
  return notes.length === 0 ? {} : { 'x-atelier-warning': headerText(notes.join(' | ')).slice(0, 2000) };
}
