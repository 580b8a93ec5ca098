// A judgement on a span: a person's rating now, an evaluator's later.
import { z } from 'zod';

export const scoreSchema = z.object({
  id: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  name: z.string().describe('user.rating for a person’s thumb'),
  value: z.number().describe('user.rating: 1 good, -1 bad'),
  reason: z.string().nullable(),
  correction: z.string().nullable().describe('The answer as it should have been'),
  source: z.enum(['person', 'code', 'model']),
  userId: z.string(),
  createdAt: z.number(),
});
export type Score = z.infer<typeof scoreSchema>;

export const ratingInputSchema = z.object({
  value: z
    .union([z.literal(1), z.literal(-1)])
    .nullable()
    .describe('null takes the rating back'),
  reason: z.string().max(4000).nullable().optional(),
  correction: z.string().max(200_000).nullable().optional(),
});
export type RatingInput = z.infer<typeof ratingInputSchema>;
