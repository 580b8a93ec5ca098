// Training as a person orders it and watches it: the order, the estimate before the start, and what happens on the way.
import { z } from 'zod';
import { datasetChoiceSchema } from './dataset.ts';
import { errorBodySchema } from './errors.ts';

export const trainingMethods = ['sft', 'dpo', 'distillation'] as const;
export type TrainingMethod = (typeof trainingMethods)[number];

export const loraTargets = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
] as const;

export const loraSchema = z.object({
  rank: z.number().int().min(1).max(256).default(8),
  alpha: z.number().positive().default(16).describe('The adapter is scaled by alpha / rank'),
  dropout: z.number().min(0).max(0.9).default(0).describe('On the adapter’s input, while training'),
  targets: z
    .array(z.enum(loraTargets))
    .min(1)
    .default([...loraTargets]),
});
export type Lora = z.infer<typeof loraSchema>;

export const hyperparametersSchema = z.object({
  epochs: z.number().positive().max(1000).default(3),
  maxSteps: z.number().int().positive().nullable().default(null).describe('Ends sooner; null: by epochs'),
  sequenceLength: z
    .number()
    .int()
    .min(16)
    .max(8192)
    .default(256)
    .describe(
      'Tokens of a row; examples are packed into rows, and one that is longer is refused before the start',
    ),
  batchTokens: z.number().int().min(16).default(1024).describe('Tokens of a step, padding included'),
  learningRate: z.number().positive().max(1).default(2e-4),
  schedule: z.enum(['constant', 'linear', 'cosine']).default('cosine'),
  warmupShare: z.number().min(0).max(1).default(0.03),
  weightDecay: z.number().min(0).default(0),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-8),
  clipNorm: z.number().positive().nullable().default(1).describe('null: gradients are not clipped'),
  beta: z.number().positive().default(0.1).describe('DPO: how far from the base model'),
  topK: z
    .number()
    .int()
    .min(1)
    .max(200)
    .default(20)
    .describe('Distillation: probabilities of the teacher a token'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  evaluateEvery: z
    .number()
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('Steps; null: ten times a run'),
  checkpointEvery: z
    .number()
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('Steps; null: ten times a run'),
  gradientCheckpointing: z.boolean().default(false).describe('Less memory for a third more time'),
  threads: z
    .number()
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('null: measured; 1 is reproducible bit by bit'),
});
export type Hyperparameters = z.infer<typeof hyperparametersSchema>;

export const trainingInputSchema = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'small letters, digits, dots and dashes, at most 63')
    .describe('The tuned model becomes local/{name}'),
  base: z.string().describe('A local model, by id or alias'),
  dataset: datasetChoiceSchema,
  method: z.enum(trainingMethods).default('sft'),
  adaptation: z.enum(['lora', 'full']).default('lora'),
  lora: loraSchema.default(loraSchema.parse({})),
  hyperparameters: hyperparametersSchema.default(hyperparametersSchema.parse({})),
  teacher: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'Distillation: a model whose answers (and, if it is local and reads the same tokens, probabilities) are learned',
    ),
  samplePrompts: z
    .array(z.string().min(1).max(8000))
    .max(8)
    .default([])
    .describe('Answered at every checkpoint; empty: the first three questions of the validation split'),
  wire: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'What a foreign wire keeps with the run, such as OpenAI’s files and metadata; training ignores it',
    ),
});
export type TrainingInput = z.infer<typeof trainingInputSchema>;

/** A reason not to start, or one to think: the page words them by code. */
export const trainingConcernSchema = z.object({
  code: z
    .string()
    .describe('too_long, wrong_architecture, not_enough_memory, not_enough_disk, few_examples, slow, ...'),
  message: z.string(),
  data: z.record(z.string(), z.unknown()),
  blocks: z.boolean().describe('The run cannot start with it'),
});
export type TrainingConcern = z.infer<typeof trainingConcernSchema>;

export const trainingEstimateSchema = z.object({
  steps: z.number().int(),
  examples: z.number().int(),
  tokens: z.number().int().describe('That are learned, over all epochs'),
  rows: z.number().int().describe('Packed rows of an epoch'),
  padding: z.number().describe('Share of the tokens of a step that are padding'),
  seconds: z.number().describe('All of it: weights made ready, steps, samples, files written and checked'),
  secondsBasis: z
    .enum(['measured', 'reckoned'])
    .describe('measured: from a step of this model on this machine'),
  memoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  diskBytes: z.number(),
  freeDiskBytes: z.number(),
  trainableParameters: z.number().int(),
  concerns: z.array(trainingConcernSchema),
});
export type TrainingEstimate = z.infer<typeof trainingEstimateSchema>;

export const trainingPointSchema = z.object({
  step: z.number().int(),
  epoch: z.number(),
  loss: z.number().describe('Mean over the learned tokens; DPO: its own loss'),
  learningRate: z.number(),
  gradientNorm: z.number().describe('Before clipping'),
  tokensPerSecond: z.number(),
  accuracy: z.number().nullable().describe('DPO: share of the pairs whose better answer is preferred'),
  seconds: z.number().describe('Since the start, pauses left out'),
});
export type TrainingPoint = z.infer<typeof trainingPointSchema>;

export const trainingEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('status'),
    step: z.number().int(),
    status: z.string().describe('preparing, training, evaluating, exporting, ...'),
  }),
  trainingPointSchema.extend({ type: z.literal('point') }),
  z.object({
    type: z.literal('evaluation'),
    step: z.number().int(),
    validationLoss: z.number(),
    tokens: z.number().int(),
    accuracy: z.number().nullable(),
  }),
  z.object({
    type: z.literal('sample'),
    step: z.number().int(),
    prompt: z.string(),
    answer: z.string(),
  }),
  z.object({ type: z.literal('checkpoint'), step: z.number().int(), validationLoss: z.number().nullable() }),
  z.object({ type: z.literal('note'), step: z.number().int(), code: z.string(), message: z.string() }),
]);
export type TrainingEvent = z.infer<typeof trainingEventSchema>;
/** As it is stored and read: numbered from 1 within its run. */
export const storedTrainingEventSchema = z.object({
  seq: z.number().int(),
  at: z.number(),
  event: trainingEventSchema,
});
export type StoredTrainingEvent = z.infer<typeof storedTrainingEventSchema>;

export const trainingRunSchema = z.object({
  id: z.string(),
  name: z.string(),
  input: trainingInputSchema,
  userId: z.string(),
  taskId: z.string(),
  status: z.enum(['queued', 'running', 'paused', 'complete', 'failed', 'cancelled']),
  place: z.number().int().nullable().describe('In the queue, from 1; null: it does not wait'),
  step: z.number().int(),
  steps: z.number().int(),
  last: trainingPointSchema.nullable(),
  validationLoss: z.number().nullable(),
  estimate: trainingEstimateSchema,
  model: z.string().nullable().describe('The tuned model once it can answer: local/{name}'),
  bestStep: z
    .number()
    .int()
    .nullable()
    .describe('The checkpoint with the least validation loss, which is exported'),
  trainedTokens: z.number().int(),
  forgottenPeople: z
    .number()
    .int()
    .optional()
    .describe('People who were forgotten since, and whose examples it has read; left out: none'),
  error: errorBodySchema.nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
});
export type TrainingRun = z.infer<typeof trainingRunSchema>;
