// An alias as a route: which model is asked first, which next, how long is waited, and what may be answered from memory.
import { z } from 'zod';

const ms = z.number().int().positive().max(3_600_000);

export const canarySchema = z.object({
  model: z.string().min(1).max(512),
  share: z.number().gt(0).lt(1),
});

export const routeSettingsSchema = z.object({
  fallbacks: z
    .array(z.string().min(1).max(512))
    .max(8)
    .default([])
    .describe('Asked in this order when the model fails'),
  retries: z.number().int().min(0).max(5).default(1).describe('Further tries of each model'),
  connectMs: ms.nullable().default(null).describe('Until the provider takes the connection; null: 10 s'),
  firstTokenMs: ms
    .nullable()
    .default(null)
    .describe('Until the first part of the answer; null: no limit of ours'),
  totalMs: ms.nullable().default(null).describe('Until the end of the answer; null: no limit of ours'),
  cache: z.boolean().default(false).describe('The same request of the same person is answered from memory'),
  cacheHours: z.number().positive().max(8760).default(24),
  policy: z
    .object({
      kind: z.literal('cheapest-passing'),
      app: z.string(),
      set: z.string(),
      metric: z.string(),
      atLeast: z.number(),
    })
    .nullable()
    .default(null)
    .describe('Of the model and its fallbacks the cheapest whose score of that app passes goes first'),
  canary: canarySchema
    .optional()
    .describe(
      'Another model answers this share of the conversations, the same ones always; set by a promotion, and kept when the alias is set without it',
    ),
});
export type RouteSettings = z.infer<typeof routeSettingsSchema>;

export const routeSchema = routeSettingsSchema.extend({
  alias: z.string(),
  model: z.string(),
});
export type Route = z.infer<typeof routeSchema>;

/** What the gateway did besides asking the model that was named; in the trace, in response headers and on the page. */
export const routedSchema = z.object({
  asked: z.string(),
  answered: z.string(),
  attempts: z.number().int(),
  fallback: z.boolean(),
  cache: z.enum(['hit', 'miss', 'off']),
  reason: z.string().nullable().describe('Why another model than the first was asked'),
  canary: z.boolean().optional().describe('What answered is tried on a share of the conversations'),
});
export type Routed = z.infer<typeof routedSchema>;
