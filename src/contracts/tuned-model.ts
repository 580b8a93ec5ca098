// A tuned model: where its files are, how near the engine is to the trainer, and which alias asks it.
import { z } from 'zod';
import { gateSchema, gateVerdictSchema } from './evaluation.ts';

export const quantisations = ['F32', 'F16', 'Q8_0', 'Q4_0', 'Q4_K'] as const;
export type Quantisation = (typeof quantisations)[number];

/** The same tokens and template in dataset, trainer and engine; log-probabilities of held-out tokens. */
export const paritySchema = z.object({
  tokens: z.number().int().describe('Held-out tokens that were compared'),
  sameIds: z.boolean().describe('Dataset, trainer and engine read the same token ids'),
  maxDifference: z.number().describe('Of the log-probabilities, natural logarithm'),
  meanDifference: z.number(),
  bound: z.number(),
  boundOf: z
    .enum(['max', 'mean'])
    .describe('Which difference the bound holds for: in 32 bits every token must agree within 1e-3'),
  passed: z.boolean(),
});
export type Parity = z.infer<typeof paritySchema>;

export const tunedFileSchema = z.object({
  form: z.enum(['adapter', 'merged']),
  quantisation: z.enum(quantisations),
  model: z.string().nullable().describe('local/{name}…, when it can be asked'),
  path: z.string(),
  sizeBytes: z.number(),
  perplexity: z.number().nullable().describe('Over the held-out tokens'),
  tokensPerSecond: z.number().nullable().describe('Written, one stream'),
  parity: paritySchema.nullable(),
});
export type TunedFile = z.infer<typeof tunedFileSchema>;

export const tunedModelSchema = z.object({
  id: z.string(),
  name: z.string(),
  model: z.string().describe('local/{name}'),
  base: z.string(),
  runId: z.string(),
  files: z.array(tunedFileSchema),
  forgottenPeople: z
    .number()
    .int()
    .optional()
    .describe('People who were forgotten since, and of whose examples it has learned; left out: none'),
  userId: z.string(),
  createdAt: z.number(),
});
export type TunedModel = z.infer<typeof tunedModelSchema>;

export const promotionInputSchema = z.object({
  alias: z.string().min(1).max(64).describe('Such as default, which applications ask too'),
  model: z.string(),
  evaluationId: z
    .string()
    .describe(
      'Of this model against the one that the alias names now, under the same prompt and parameters; of an alias that names nothing, against its first subject',
    ),
  gate: gateSchema.default(gateSchema.parse({})),
  share: z.number().gt(0).max(1).default(1).describe('Of the conversations; under 1 is a canary'),
});
export type PromotionInput = z.infer<typeof promotionInputSchema>;

export const promotionSchema = z.object({
  id: z.string(),
  alias: z.string(),
  from: z
    .string()
    .nullable()
    .describe(
      'What the alias stood for; null: nothing. A roll back restores the very row, or that there was none',
    ),
  to: z.string(),
  share: z.number(),
  evaluationId: z.string(),
  gate: gateSchema,
  verdict: gateVerdictSchema,
  state: z.enum(['active', 'replaced', 'rolled_back']),
  userId: z.string(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
});
export type Promotion = z.infer<typeof promotionSchema>;
