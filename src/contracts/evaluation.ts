// Evaluation: what answers are judged by, how two are compared, and the gate through which a model is promoted.
import { z } from 'zod';
import { datasetChoiceSchema, splits } from './dataset.ts';
import { errorBodySchema } from './errors.ts';
import { parametersSchema } from './model.ts';

export const judgeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('exact'), ignoreCase: z.boolean().default(true) }),
  z.object({ type: z.literal('f1').describe('Of words, accents and case folded') }),
  z.object({ type: z.literal('chrf').describe('chrF of characters, n to 6, beta 2') }),
  z.object({
    type: z.literal('json'),
    fields: z
      .array(z.string())
      .default([])
      .describe('Empty: those of the expected answer. The score is the share that is equal'),
  }),
  z.object({
    type: z
      .literal('choice')
      .describe('Accuracy of a label, the likeliest of the labels by the model’s own probabilities'),
    labels: z
      .array(z.string().min(1).max(200))
      .max(64)
      .default([])
      .describe('Empty: those of the dataset, in the order of the alphabet'),
  }),
  z.object({
    type: z
      .literal('preference')
      .describe('Whether the better answer is the likelier (log-probability a token)'),
  }),
  z.object({
    type: z.literal('model'),
    model: z.string(),
    rubric: z.string().min(1).max(8000).describe('Stated with every figure that it gives'),
    max: z
      .number()
      .int()
      .min(2)
      .max(10)
      .default(5)
      .describe(
        'The score is 0 to 1: the mark from 1 to max, evenly; the mean of the marks where the judge tells their probabilities',
      ),
  }),
]);
export type Judge = z.infer<typeof judgeSchema>;

/**
 * What is asked: a model, perhaps under a kept prompt, with parameters. A classifier is classifiers/{name}.
 * Without a prompt the example's own messages are sent, its wanted answer left out. With one its messages are sent in
 * their place: a variable called input, question or text, and a prompt's only one, is the last text of the person;
 * `system` is the example's system message; any other is refused before the start.
 */
export const subjectSchema = z.object({
  model: z.string(),
  prompt: z.object({ name: z.string(), version: z.number().int().positive() }).nullable().default(null),
  parameters: parametersSchema
    .default({})
    .describe('Over those of the prompt, over temperature 0 and at most 1,024 tokens of an answer'),
});
export type Subject = z.infer<typeof subjectSchema>;

export const intervalSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });
export type Interval = z.infer<typeof intervalSchema>;

export const subjectSummarySchema = z.object({
  subject: subjectSchema,
  asked: z.number().int(),
  failed: z.number().int().describe('Calls that ended in an error; they count as 0'),
  score: intervalSchema.describe('Mean over the examples with its 95 % bootstrap interval'),
  metrics: z.record(z.string(), z.number()).describe('Such as macro-F1, accuracy; by the judge'),
  costNano: z.number().nullable().describe('Of a call on average, nano-dollars; null: a price is unknown'),
  latencyMs: z.object({ p50: z.number(), p95: z.number() }),
  outputTokens: z.number(),
});
export type SubjectSummary = z.infer<typeof subjectSummarySchema>;

/** New against old on the same examples. */
export const comparisonSchema = z.object({
  from: z.number().int().describe('Index of the subject that is compared with'),
  to: z.number().int(),
  better: z.number().int(),
  worse: z.number().int(),
  equal: z.number().int(),
  difference: intervalSchema.describe(
    'Mean of the paired differences, 95 % bootstrap interval over the examples',
  ),
  signTest: z.number().describe('Two-sided p of the sign test over better and worse'),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const evaluationInputSchema = z.object({
  name: z.string().min(1).max(120),
  dataset: datasetChoiceSchema,
  split: z.enum(splits).default('test'),
  limit: z
    .number()
    .int()
    .positive()
    .max(100_000)
    .nullable()
    .default(null)
    .describe('The first by hash; null: all'),
  judge: judgeSchema,
  subjects: z.array(subjectSchema).min(1).max(16).describe('The first is what the others are compared with'),
});
export type EvaluationInput = z.infer<typeof evaluationInputSchema>;

export const evaluationSchema = z.object({
  id: z.string(),
  input: evaluationInputSchema,
  datasetVersion: z.number().int(),
  userId: z.string(),
  taskId: z.string(),
  status: z.enum(['queued', 'running', 'paused', 'complete', 'failed', 'cancelled']),
  done: z.number().int(),
  total: z.number().int(),
  subjects: z.array(subjectSummarySchema).describe('What is known so far'),
  comparisons: z.array(comparisonSchema),
  error: errorBodySchema.nullable(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

export const evaluationResultSchema = z.object({
  exampleId: z.string(),
  subject: z.number().int(),
  question: z.string(),
  expected: z.string(),
  output: z.string().nullable(),
  score: z.number(),
  detail: z.record(z.string(), z.unknown()).describe('What the judge saw, such as fields that differ'),
  error: errorBodySchema.nullable(),
  latencyMs: z.number(),
  costNano: z.number().nullable(),
  traceId: z.string().nullable(),
  first: z
    .object({
      output: z.string().nullable(),
      score: z.number(),
      detail: z.record(z.string(), z.unknown()),
      error: errorBodySchema.nullable(),
      traceId: z.string().nullable(),
    })
    .optional()
    .describe('In a list: what the first subject answered to the same example, where this is another’s'),
});
export type EvaluationResult = z.infer<typeof evaluationResultSchema>;

export const gateSchema = z.object({
  minExamples: z.number().int().min(1).default(20),
  minDifference: z.number().default(0).describe('Least lower end of the interval of the paired difference'),
  maxWorseShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Most of the decided examples that may be worse'),
  minScore: z.number().min(0).max(1).nullable().default(null),
  regressionSets: z
    .array(z.object({ evaluationId: z.string(), maxDrop: z.number().min(0).max(1).default(0.02) }))
    .default([])
    .describe('Evaluations of the same two models on which the mean may not fall by more'),
  needParity: z.boolean().default(true).describe('The engine gives the trainer’s probabilities'),
});
export type Gate = z.infer<typeof gateSchema>;

/** Why a check could not be computed. */
export const gateReasons = [
  'missing_evaluation',
  'not_complete',
  'other_models',
  'same_model',
  'seen_in_training',
  'not_tuned',
  'not_measured',
] as const;
export type GateReason = (typeof gateReasons)[number];

export const gateVerdictSchema = z.object({
  passed: z.boolean(),
  checks: z.array(
    z.object({
      name: z
        .string()
        .describe('evaluation, minExamples, minDifference, maxWorseShare, minScore, regression, parity'),
      passed: z.boolean(),
      value: z.number().nullable(),
      threshold: z.number().nullable(),
      reason: z
        .enum(gateReasons)
        .nullable()
        .default(null)
        .describe('Why it could not be computed; such a check never passes'),
      evaluationId: z.string().nullable().default(null).describe('Which regression set'),
    }),
  ),
});
export type GateVerdict = z.infer<typeof gateVerdictSchema>;
