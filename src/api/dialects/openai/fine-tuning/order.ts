// A fine-tuning job as OpenAI's wire orders it, and what of it our training is told.
import { randomInt } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { AtelierError } from '../../../../contracts/errors.ts';
import {
  hyperparametersSchema,
  type TrainingInput,
  trainingInputSchema,
} from '../../../../contracts/training.ts';
import { newId } from '../../../../lib/ids.ts';

const auto = z.literal('auto');
const countSchema = z.union([auto, z.number().int().positive()]).nullish();
const factorSchema = z.union([auto, z.number().positive()]).nullish();
export const wireHyperparametersSchema = z.object({
  // As many as a training of ours takes.
  n_epochs: z.union([auto, z.number().int().positive().max(1000)]).nullish(),
  batch_size: countSchema,
  learning_rate_multiplier: factorSchema,
  beta: factorSchema,
});
type WireHyperparameters = z.infer<typeof wireHyperparametersSchema>;

const methodSchema = z.object({
  type: z.enum(['supervised', 'dpo', 'reinforcement']),
  supervised: z.object({ hyperparameters: wireHyperparametersSchema.optional() }).nullish(),
  dpo: z.object({ hyperparameters: wireHyperparametersSchema.optional() }).nullish(),
});

export const metadataSchema = z
  .record(z.string().max(64), z.string().max(512))
  .refine((metadata) => Object.keys(metadata).length <= 16, 'has more than 16 keys');

export const jobInputSchema = z.object({
  model: z.string().min(1).describe('A model of this machine, by id or alias'),
  training_file: z.string().min(1),
  validation_file: z.string().min(1).nullish(),
  method: methodSchema.nullish(),
  hyperparameters: wireHyperparametersSchema.nullish().describe('Of older clients; `method` goes before it'),
  suffix: z.string().max(64).nullish(),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .nullish(),
  metadata: metadataSchema.nullish(),
  integrations: z.array(z.object({ type: z.string() }).loose()).nullish(),
});
export type JobInput = z.infer<typeof jobInputSchema>;

/** What is kept with the run, to be told again. */
export const keptSchema = z.object({
  model: z.string(),
  trainingFile: z.string(),
  validationFile: z.string().nullable(),
  method: z.enum(['supervised', 'dpo']),
  hyperparameters: wireHyperparametersSchema,
  metadata: metadataSchema.nullable(),
  /** Lines of the files that were there twice. */
  repeated: z.number().int(),
});
export type Kept = z.infer<typeof keptSchema>;

const refuse = (message: string, param: string) =>
  new AtelierError('invalid_request', message, { data: { param } });

/** @throws AtelierError invalid_request for what is not done here */
export function methodOf({ method, hyperparameters, integrations }: JobInput): {
  type: Kept['method'];
  hyperparameters: WireHyperparameters;
} {
  if (integrations && integrations.length > 0)
    throw refuse(
      `Nothing is sent to ${integrations.map(({ type }) => type).join(', ')}: leave \`integrations\` out. Points are in the job's events and in its result file.`,
      'integrations',
    );
  const type = method?.type ?? 'supervised';
  if (type === 'reinforcement')
    throw refuse('There is no reinforcement fine-tuning here; use supervised or dpo.', 'method');
  return { type, hyperparameters: method?.[type]?.hyperparameters ?? hyperparameters ?? {} };
}

/** A multiplier of 1. Preferences are learned in smaller steps. */
const learningRates: Record<Kept['method'], number> = {
  supervised: hyperparametersSchema.parse({}).learningRate,
  dpo: 5e-5,
};

const given = <T>(value: T | 'auto' | null | undefined): T | undefined =>
  value === 'auto' || value == null ? undefined : value;

/** `local/smollm2-135m` and `Support bot` become ft-smollm2-135m-support-bot-9f3k2a. */
function nameOf(model: string, suffix: string | null | undefined): string {
  const slug = (text: string, most: number) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9.]+/g, '-')
      .slice(0, most)
      .replace(/^[-.]+|[-.]+$/g, '');
  const parts = ['ft', slug(model.split('/').at(-1) ?? model, 28), slug(suffix ?? '', 24)];
  return [...parts.filter((part) => part !== ''), newId('x').slice(-6)].join('-');
}

/** `sequenceLength`: long enough for the longest example. */
export function trainingInputOf(
  input: JobInput,
  kept: Kept,
  dataset: TrainingInput['dataset'],
  sequenceLength: number,
): TrainingInput {
  const { n_epochs, batch_size, learning_rate_multiplier, beta } = kept.hyperparameters;
  const epochs = given(n_epochs);
  const rows = given(batch_size);
  const betaGiven = given(beta);
  const defaults = hyperparametersSchema.parse({});
  return trainingInputSchema.parse({
    name: nameOf(input.model, input.suffix),
    base: input.model,
    dataset,
    method: kept.method === 'dpo' ? 'dpo' : 'sft',
    hyperparameters: {
      ...(epochs === undefined ? {} : { epochs }),
      ...(betaGiven === undefined ? {} : { beta: betaGiven }),
      sequenceLength,
      // Examples are packed into rows, so a batch is counted in rows.
      batchTokens:
        rows === undefined ? Math.max(defaults.batchTokens, sequenceLength) : rows * sequenceLength,
      learningRate: Math.min(1, learningRates[kept.method] * (given(learning_rate_multiplier) ?? 1)),
      seed: input.seed ?? randomInt(2 ** 31 - 1),
    },
    wire: { openai: kept },
  });
}
