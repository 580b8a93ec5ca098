// Headers of an answer as Anthropic's clients read them: what is left of the limits, and what was left out of the request.
import type { LimitState } from '../../../contracts/access.ts';
import { type AnswerFacts, answerHeaders } from '../../answer-headers.ts';

export function limitHeaders(
  limits: LimitState | undefined,
  now: number = Date.now(),
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const what of ['requests', 'tokens'] as const) {
    const state = limits?.[what];
    if (!state) continue;
    const name = `anthropic-ratelimit-${what}`;
    headers[`${name}-limit`] = String(state.limit);
    headers[`${name}-remaining`] = String(Math.max(0, state.remaining));
    // Whole seconds, upwards: who waits until then is let in.
    const reset = new Date(Math.ceil((now + state.resetMs) / 1000) * 1000);
    headers[`${name}-reset`] = reset.toISOString().replace('.000Z', 'Z');
  }
  return headers;
}

export function messageHeaders(
  answer: AnswerFacts & { limits?: LimitState },
  notes: readonly string[] = [],
  now: number = Date.now(),
): Record<string, string> {
  return {
    ...answerHeaders({ ...answer, warnings: [...(answer.warnings ?? []), ...notes] }),
    ...limitHeaders(answer.limits, now),
  };
}
