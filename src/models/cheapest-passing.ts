// The cost policy of an alias: of the models that may answer, the cheapest whose figure of an app's bench passes goes
// first. What was not measured, or has no known price, keeps its place behind those that pass.
import type { Price } from '../contracts/money.ts';
import type { RouteSettings } from '../contracts/routing.ts';
import type { ModelPlan, ResolvedModel } from './model-call.ts';

export type Policy = NonNullable<RouteSettings['policy']>;
export type ScoreOf = (policy: Policy, model: string) => Promise<number | null>;

/** Of a call that reads three tokens for each that it writes, which is what answering mostly is. */
function priceRank(price: Price): number | null {
  if (price.kind === 'none') return 0;
  return price.kind === 'unknown' ? null : price.input * 3 + price.output;
}

export async function cheapestPassing(
  candidates: ModelPlan['candidates'],
  policy: Policy,
  scoreOf: ScoreOf,
): Promise<Pick<ModelPlan, 'candidates' | 'reason' | 'reference'>> {
  const [named] = candidates;
  const rated = await Promise.all(
    candidates.map(async (candidate) => {
      const score = await scoreOf(policy, candidate.info.id);
      const rank = priceRank(candidate.info.price);
      return { candidate, score, rank, passes: score !== null && score >= policy.atLeast && rank !== null };
    }),
  );
  const passing = rated.filter(({ passes }) => passes).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  const [best] = passing;
  if (best === undefined || best.candidate === named) return { candidates, reason: null, reference: null };
  const order: ResolvedModel[] = [
    ...passing.map(({ candidate }) => candidate),
    ...rated.filter(({ passes }) => !passes).map(({ candidate }) => candidate),
  ];
  const [first = named, ...others] = order;
  return {
    candidates: [first, ...others],
    reason: `${first.info.id} is cheaper and passes ${policy.app}: ${policy.metric} ${best.score} of at least ${policy.atLeast} on ${policy.set}.`,
    reference: named.info,
  };
}
