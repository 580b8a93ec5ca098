// A remote endpoint that a person configured: its address, its sealed key, its models and their prices.
import { z } from 'zod';
import { errorBodySchema } from './errors.ts';
import { priceSchema } from './money.ts';

export const providerIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'lower-case letters, digits and dashes, at most 39');

export const providerInputSchema = z.object({
  id: providerIdSchema.optional().describe('First part of its model ids; made from the name when absent'),
  kind: z.literal('openai-compatible').default('openai-compatible'),
  name: z.string().min(1).max(80),
  baseUrl: z.url().describe('Such as http://127.0.0.1:1234/v1'),
  apiKey: z.string().max(4096).nullable().optional().describe('null removes it; absent leaves it'),
  headers: z.record(z.string(), z.string()).optional(),
});
export type ProviderInput = z.infer<typeof providerInputSchema>;

export const providerModelSchema = z.object({
  name: z.string(),
  contextLength: z.number().int().nullable(),
  price: priceSchema,
});

export const providerSchema = z.object({
  id: z.string(),
  kind: z.literal('openai-compatible'),
  name: z.string(),
  baseUrl: z.string(),
  hasKey: z.boolean(),
  models: z.array(providerModelSchema),
  state: z.enum(['ready', 'unreachable', 'unauthorized', 'untested']),
  error: errorBodySchema.nullable(),
  checkedAt: z.number().nullable(),
  createdAt: z.number(),
});
export type Provider = z.infer<typeof providerSchema>;

export const providerTestSchema = z.object({
  ok: z.boolean(),
  models: z.array(z.string()),
  latencyMs: z.number().nullable(),
  error: errorBodySchema.nullable(),
});
export type ProviderTest = z.infer<typeof providerTestSchema>;
