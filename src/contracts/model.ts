// What a model is to the rest of the program, and what travels beside the AI SDK's call options.
// The call contract itself is `LanguageModelV4` and `EmbeddingModelV4` of `@ai-sdk/provider`.
import { z } from 'zod';
import { errorBodySchema } from './errors.ts';
import { priceSchema } from './money.ts';
import { noticeSchema } from './notice.ts';

/**
 * What the AI SDK's call options lack, under `providerOptions.atelier`.
 * A provider that cannot honour a field says so in a warning.
 */
export const atelierOptionsSchema = z.object({
  minP: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Least probability of a token, relative to the likeliest'),
  repeatPenalty: z.number().positive().optional().describe('Factor against tokens of the last 64; 1 is off'),
  logitBias: z.record(z.string(), z.number()).optional().describe('Token id to added logit'),
  logprobs: z.boolean().optional().describe('Report the log-probability of each written token'),
  topLogprobs: z
    .number()
    .int()
    .min(0)
    .max(200)
    .optional()
    .describe('How many alternatives to report per token; a remote provider gives at most 20'),
  restAt: z
    .array(z.number().positive().max(10))
    .max(64)
    .optional()
    .describe(
      'Temperatures T: report with each token the sum of p^(1/T) over all tokens beside the alternatives',
    ),
  echo: z.boolean().optional().describe('Report the prompt with its log-probabilities (completions only)'),
  continueAnswer: z
    .boolean()
    .optional()
    .describe('The last message is the beginning of the answer, which goes on from there'),
  rawPrompt: z.boolean().optional().describe('The prompt is one text that no chat template is put around'),
  promptTokens: z
    .array(z.number().int().min(0))
    .max(1_000_000)
    .optional()
    .describe('The raw prompt as tokens of this very model, in place of its text (local models only)'),
  choices: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(128)
    .optional()
    .describe('The whole answer is one of these texts; cannot be joined with tools or a response format'),
  onStatus: z
    .custom<(status: CallStatus) => void>()
    .optional()
    .describe('In-process only: told of queue, loading and reading'),
});
export type AtelierOptions = z.infer<typeof atelierOptionsSchema>;

/** Where a call stands before its first token. */
export const callStatusSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('queued'), place: z.number().int().describe('1 is next') }),
  z.object({
    status: z.literal('loading'),
    model: z.string(),
    progress: z.number().min(0).max(1).nullable(),
  }),
  z.object({
    status: z.literal('reading'),
    done: z.number().int().describe('Prompt tokens read'),
    total: z.number().int(),
  }),
  z.object({ status: z.literal('writing') }),
]);
export type CallStatus = z.infer<typeof callStatusSchema>;

export const tokenLogprobSchema = z.object({
  token: z.string(),
  tokenId: z.number().int().nullable(),
  logprob: z.number(),
  bytes: z.array(z.number().int()).nullable(),
  top: z.array(
    z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number().int()).nullable() }),
  ),
  rest: z
    .array(z.number())
    .optional()
    .describe('For each temperature of `restAt`, the sum over the tokens that `top` leaves out'),
});
export type TokenLogprob = z.infer<typeof tokenLogprobSchema>;

export const promptTokenSchema = tokenLogprobSchema.extend({
  logprob: z.number().nullable().describe('null: nothing stands before it from which it could be foreseen'),
});
export type PromptToken = z.infer<typeof promptTokenSchema>;

/**
 * What the AI SDK's results lack, under `providerMetadata.atelier`: on the `text-delta` parts `logprobs` of that
 * delta's tokens, on the first of them `prompt` when it is echoed, on `finish` the rest.
 */
export const atelierMetadataSchema = z.object({
  logprobs: z.array(tokenLogprobSchema).optional(),
  prompt: z
    .array(promptTokenSchema)
    .optional()
    .describe('The tokens of an echoed prompt, without a beginning-of-sequence token that the engine added'),
  timings: z
    .object({
      queueMs: z.number().optional(),
      loadMs: z.number().optional(),
      readMs: z.number().optional().describe('Reading the prompt'),
      writeMs: z.number().optional().describe('From the first to the last token'),
    })
    .optional(),
  stopSequence: z.string().optional().describe('The one of the stop sequences that ended the answer'),
  notes: z.array(z.string()).optional().describe('What was changed on the way, such as a capped max_tokens'),
  notices: z.array(noticeSchema).optional().describe('The notes with codes, for a page in any language'),
  chargedBelow: z
    .boolean()
    .optional()
    .describe('The usage is that of calls which have spans of their own; it is told and not counted again'),
});
export type AtelierMetadata = z.infer<typeof atelierMetadataSchema>;

export const placeSchema = z.object({
  kind: z.enum(['local', 'remote', 'scripted']),
  host: z.string().nullable().describe('Host of a remote endpoint, null on this machine'),
});
export type Place = z.infer<typeof placeSchema>;

export const modelStates = ['ready', 'loading', 'loaded', 'failed', 'unreachable'] as const;

/** A model that can be asked now (installed, configured, or scripted). */
export const modelInfoSchema = z.object({
  id: z.string().describe('provider/name'),
  provider: z.string().describe('local, scripted, or the id of a configured endpoint'),
  name: z.string(),
  displayName: z.string(),
  kind: z.enum(['chat', 'embedding', 'classifier']).describe('A classifier answers the decision call alone'),
  place: placeSchema,
  state: z.enum(modelStates),
  error: errorBodySchema.nullable(),
  contextLength: z
    .number()
    .int()
    .nullable()
    .describe('Tokens of prompt and answer together; null: not stated'),
  maxOutputTokens: z.number().int().nullable().optional().describe('Absent or null: not stated'),
  parameters: z.number().nullable().describe('Number of weights'),
  quantization: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  licence: z.string().nullable(),
  input: z.array(z.enum(['text', 'image'])).describe('What it reads'),
  tools: z.boolean(),
  tuned: z
    .boolean()
    .optional()
    .describe('Made here by training: the last to become the default without being named'),
  languages: z
    .array(z.string())
    .describe('Languages in which it was found good, as BCP 47 tags; empty: not stated'),
  price: priceSchema,
  createdAt: z.number().describe('Epoch milliseconds'),
});
export type ModelInfo = z.infer<typeof modelInfoSchema>;

/** A sampling setting; every field may be absent, which leaves it to the model's default. */
export const parametersSchema = z.object({
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().gt(0).max(1).optional(),
  topK: z.number().int().min(0).optional(),
  minP: z.number().min(0).max(1).optional(),
  repeatPenalty: z.number().min(0.1).max(2).optional(),
  presencePenalty: z.number().min(-2).max(2).optional(),
  frequencyPenalty: z.number().min(-2).max(2).optional(),
  maxOutputTokens: z.number().int().positive().optional(),
  seed: z.number().int().optional(),
  stopSequences: z.array(z.string().min(1)).max(4).optional(),
});
export type Parameters = z.infer<typeof parametersSchema>;

/** Apps and agents of this server, as models: answered by other models, so never chosen as the default. */
export const servedProviders: readonly string[] = ['apps', 'agents'];

export const isServed = ({ provider }: Pick<ModelInfo, 'provider'>): boolean =>
  servedProviders.includes(provider);
