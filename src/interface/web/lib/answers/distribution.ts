// What temperature and top-p make of a model's next-token distribution, computed from its log-probabilities.
// In the order of the local engine: top-p first cuts the model's own distribution, then the temperature reshapes what is
// left (softmax(log p / T)).
import { type NextTokens, temperatureGrid } from '../../../../contracts/playground.ts';

export interface ShapedToken {
  /** Probability with which it is drawn; 0 when it was cut. */
  probability: number;
  kept: boolean;
}

export interface Shaped {
  /** In the order of the tokens that were given. */
  tokens: ShapedToken[];
  /** All other tokens together. */
  rest: ShapedToken;
  /** The share of the rest could not be computed, because the provider tells only its likeliest tokens. */
  restUnknown: boolean;
}

type Distribution = Pick<NextTokens, 'rest' | 'restAt'> & { tokens: readonly { logprob: number }[] };

/** The sum of p^(1/T) over the tokens that are not listed: told for a grid of temperatures, drawn straight between. */
function restWeight({ rest, restAt }: Distribution, temperature: number): number | null {
  if (temperature === 1) return rest;
  if (restAt === null) return null;
  const at = temperatureGrid.findIndex((one) => one >= temperature - 1e-9);
  const upper = restAt[at] ?? restAt.at(-1) ?? 0;
  const above = temperatureGrid[at] ?? 2;
  if (at <= 0 || Math.abs(above - temperature) < 1e-9) return upper;
  const below = temperatureGrid[at - 1] ?? above;
  const lower = restAt[at - 1] ?? upper;
  return lower + ((upper - lower) * (temperature - below)) / (above - below);
}

/** How many of the tokens are kept, and which share of the rest's probability. */
function cut({ tokens, rest }: Distribution, topP: number): { kept: number; restShare: number } {
  if (topP >= 1) return { kept: tokens.length, restShare: 1 };
  let sum = 0;
  for (const [i, { logprob }] of tokens.entries()) {
    sum += Math.exp(logprob);
    if (sum >= topP) return { kept: i + 1, restShare: 0 };
  }
  return { kept: tokens.length, restShare: rest > 0 ? Math.min(1, (topP - sum) / rest) : 0 };
}

/** `tokens` stand in order, the likeliest first. A temperature of 0 always takes the likeliest. */
export function shape(distribution: Distribution, settings: { temperature: number; topP: number }): Shaped {
  const { tokens } = distribution;
  const { temperature, topP } = settings;
  if (temperature === 0)
    return {
      tokens: tokens.map((_, i) => ({ probability: i === 0 ? 1 : 0, kept: i === 0 })),
      rest: { probability: 0, kept: false },
      restUnknown: false,
    };
  const { kept, restShare } = cut(distribution, topP);
  const weights = tokens.map(({ logprob }, i) => (i < kept ? Math.exp(logprob / temperature) : 0));
  const tail = restShare === 0 ? 0 : restWeight(distribution, temperature);
  const restKept = (tail ?? 0) * restShare;
  const total = weights.reduce((sum, weight) => sum + weight, restKept);
  const share = (weight: number) => (total > 0 ? weight / total : 0);
  return {
    tokens: weights.map((weight, i) => ({ probability: share(weight), kept: i < kept })),
    rest: { probability: share(restKept), kept: restShare > 0 },
    restUnknown: tail === null && distribution.rest > 0.001,
  };
}
