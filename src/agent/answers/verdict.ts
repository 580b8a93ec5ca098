// Whether the documents hold an answer: a logistic model over the evidence of a search and, near its threshold, the
// reading model's own yes or no. Its weights are data, with the rows they were fitted on (`npm run bench -- answers`).
import { z } from 'zod';
import type { GroundingVerdict } from '../../contracts/knowledge.ts';
import { type Evidence, evidenceNames } from './evidence.ts';
import fitted from './verdict-weights.json' with { type: 'json' };

const linear = z.object({ bias: z.number(), weights: z.record(z.enum(evidenceNames), z.number()) });
export const verdictWeightsSchema = z.object({
  source: z.string().describe('What they were fitted on'),
  date: z.string(),
  rows: z.number().int(),
  scores: linear,
  withoutVectors: linear.describe('For a search by words only'),
  few: linear.describe(
    'For collections so small that a search finds all of it: how rare a word is says little there',
  ),
  fewWithoutVectors: linear.describe('The same for a search by words only'),
  model: z
    .object({ weight: z.number(), bias: z.number() })
    .describe('Of the log-odds of the model’s yes, added to those of the scores; weight 0: it is not asked'),
  threshold: z.number(),
});
export type VerdictWeights = z.infer<typeof verdictWeightsSchema>;

export const verdictWeights: VerdictWeights = verdictWeightsSchema.parse(fitted);

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
export const logOdds = (p: number): number => {
  const inside = Math.min(1 - 1e-4, Math.max(1e-4, p));
  return Math.log(inside / (1 - inside));
};

/** From the scores alone. `few`: the search gave fewer passages than it was asked for. */
export function scoreVerdict(
  evidence: Evidence | null,
  found: 'all' | 'few',
  weights: VerdictWeights = verdictWeights,
): GroundingVerdict {
  const { threshold } = weights;
  if (evidence === null) return { inDocuments: false, probability: 0, threshold, method: 'nothing found' };
  const { bias, weights: own } =
    evidence.cosine === 0
      ? found === 'few'
        ? weights.fewWithoutVectors
        : weights.withoutVectors
      : found === 'few'
        ? weights.few
        : weights.scores;
  const sum = evidenceNames.reduce((total, name) => total + (own[name] ?? 0) * evidence[name], bias);
  const probability = sigmoid(sum);
  return { inDocuments: probability >= threshold, probability, threshold, method: 'scores' };
}

/** How sure a model is at most, in log-odds; what it says beyond that is bluster. */
const SUREST = 2.5;

/** Whether the model's opinion could change the verdict, so that it is worth asking. */
export function isNear({ probability }: GroundingVerdict, { model, threshold } = verdictWeights): boolean {
  const distance = Math.abs(logOdds(probability) - logOdds(threshold) + model.bias);
  return model.weight > 0 && distance < model.weight * SUREST;
}

/** With the model's probability of a yes. */
export function joinedVerdict(
  verdict: GroundingVerdict,
  yes: number,
  { model, threshold }: VerdictWeights = verdictWeights,
): GroundingVerdict {
  const opinion = Math.max(-SUREST, Math.min(SUREST, logOdds(yes)));
  const probability = sigmoid(logOdds(verdict.probability) + model.weight * opinion + model.bias);
  return { inDocuments: probability >= threshold, probability, threshold, method: 'scores+model' };
}
