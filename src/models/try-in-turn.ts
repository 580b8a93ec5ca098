// The models of a plan in their order, each as often as the alias says, until one answers: the one loop behind both roads
// through the gateway, parts (middleware/route.ts) and bytes (relay-through.ts).
import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import type { Routed } from '../contracts/routing.ts';
import type { ModelPlan, ResolvedModel } from './model-call.ts';
import { mayFallBack, retryDelay, wait } from './retry-rules.ts';

export interface TryOptions {
  /** The caller's: nothing is tried for one who has gone away. */
  signal: AbortSignal | undefined;
  /** From 0 to 1. */
  random: () => number;
}

/** `last`: no other try or model is left after this one. @throws what the last attempt failed with */
export async function tryInTurn<T>(
  plan: ModelPlan,
  { signal, random }: TryOptions,
  attempt: (candidate: ResolvedModel, last: boolean) => Promise<T>,
): Promise<{ answer: T; routed: Routed }> {
  const { candidates, settings } = plan;
  const retries = settings?.retries ?? 0;
  const failures: string[] = plan.reason === null ? [] : [plan.reason];
  let attempts = 0;
  let failure: AtelierError | null = null;
  for (const candidate of candidates) {
    for (let tries = 1; tries <= retries + 1; tries++) {
      attempts += 1;
      try {
        const answer = await attempt(candidate, tries > retries && candidate === candidates.at(-1));
        return { answer, routed: routedOf(plan, candidate, attempts, failures) };
      } catch (thrown) {
        if (signal?.aborted) throw thrown;
        failure = toAtelierError(thrown);
        if (!mayFallBack(failure)) throw failure;
        failures.push(`${candidate.info.id}: ${failure.message}`);
        const delay = tries > retries ? null : retryDelay(failure, tries, random);
        if (delay === null) break;
        await wait(delay, signal);
      }
    }
  }
  throw failure ?? new AtelierError('internal', 'A plan without a model was asked.');
}

export function routedOf(
  plan: ModelPlan,
  { info }: ResolvedModel,
  attempts: number,
  reasons: readonly string[],
): Routed {
  return {
    asked: plan.asked,
    answered: info.id,
    attempts,
    fallback: info.id !== plan.candidates[0].info.id || plan.reason !== null,
    cache: 'off',
    reason: reasons.length === 0 ? null : reasons.join(' '),
    ...(plan.canary === info.id ? { canary: true } : {}),
  };
}
