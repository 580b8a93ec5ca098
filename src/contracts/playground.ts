// The playground's nouns: an answer as it is written with its log-probabilities, and what a model would write next.
import { z } from 'zod';
import { receiptSchema } from './conversation.ts';
import { callStatusSchema, parametersSchema, placeSchema, tokenLogprobSchema } from './model.ts';
import { promptMessageSchema } from './prompt.ts';

const modelSchema = z.string().min(1).max(512).describe('A model id or an alias');
const messagesSchema = z.array(promptMessageSchema).min(1).max(200);

export const answerOrderSchema = z.object({
  model: modelSchema.default('default'),
  messages: messagesSchema,
  parameters: parametersSchema.default({}),
  topLogprobs: z
    .number()
    .int()
    .min(0)
    .max(20)
    .nullable()
    .default(null)
    .describe('Alternatives to report with each token; null: no log-probabilities'),
});
export type AnswerOrder = z.infer<typeof answerOrderSchema>;

export const answerEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    model: z.string(),
    place: placeSchema,
    traceId: z.string(),
    spanId: z.string(),
  }),
  z.object({ type: z.literal('status'), status: callStatusSchema }),
  z.object({
    type: z.literal('text'),
    delta: z.string(),
    logprobs: z.array(tokenLogprobSchema).optional().describe('Of the tokens that made this delta'),
  }),
  z.object({ type: z.literal('reasoning'), delta: z.string() }),
  z.object({ type: z.literal('finish'), receipt: receiptSchema }),
]);
export type AnswerEvent = z.infer<typeof answerEventSchema>;

export const wholeAnswerSchema = z.object({
  text: z.string(),
  reasoning: z.string(),
  logprobs: z.array(tokenLogprobSchema),
  receipt: receiptSchema,
});
export type WholeAnswer = z.infer<typeof wholeAnswerSchema>;

export const MAX_NEXT_TOKENS = 200;

/** The temperatures at which the sum over the tokens that are not told is told too. */
export const temperatureGrid: readonly number[] = Array.from({ length: 40 }, (_, i) => (i + 1) / 20);

export const nextTokensOrderSchema = z.object({
  model: modelSchema.default('default'),
  messages: messagesSchema,
  begun: z
    .string()
    .max(20_000)
    .default('')
    .describe('How the answer begins; the distribution is that after its last token'),
  top: z.number().int().min(1).max(MAX_NEXT_TOKENS).default(100),
});
export type NextTokensOrder = z.infer<typeof nextTokensOrderSchema>;

export const nextTokenSchema = z.object({
  token: z.string(),
  bytes: z.array(z.number().int()).nullable(),
  logprob: z.number(),
  control: z.boolean().describe('A mark of the chat, such as the end of the answer, and no text'),
});
export type NextToken = z.infer<typeof nextTokenSchema>;

export const nextTokensSchema = z.object({
  model: z.string(),
  place: placeSchema,
  tokens: z.array(nextTokenSchema).describe('The likeliest first; before any sampling setting'),
  rest: z.number().min(0).max(1).describe('Probability of all other tokens together'),
  restAt: z
    .array(z.number())
    .nullable()
    .describe(
      'For each temperature T of 0.05, 0.1, … 2: the sum of p^(1/T) over all other tokens, so that a softmax at T can be computed exactly. Null: the provider tells only its likeliest tokens',
    ),
  traceId: z.string(),
});
export type NextTokens = z.infer<typeof nextTokensSchema>;
