// What was called and spent, summed over the hours, from figures that are kept beside the spans.
import { z } from 'zod';

export const usageGroups = ['hour', 'day', 'model', 'user', 'key', 'app', 'source'] as const;

export const usageQuerySchema = z.object({
  from: z.coerce.number().describe('Epoch milliseconds, rounded down to the hour'),
  to: z.coerce.number().optional().describe('Excluded; default: now'),
  by: z.enum(usageGroups).default('day'),
  model: z.string().optional(),
  userId: z.string().optional(),
  keyId: z.string().optional(),
  app: z.string().optional(),
  source: z.string().optional(),
});
export type UsageQuery = z.infer<typeof usageQuerySchema>;

/** Of a histogram whose steps are a fifth apart: right to about a tenth. */
const latencySchema = z
  .object({ p50: z.number(), p95: z.number(), p99: z.number() })
  .nullable()
  .describe('Milliseconds; null: no call');

export const usageRowSchema = z.object({
  group: z.string().describe('Start of the hour or day in epoch milliseconds, or an id; empty: none'),
  label: z.string().describe('The name of a person or key, where it has one'),
  calls: z.number().int(),
  errors: z.number().int(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  costNano: z.number().int(),
  unpricedCalls: z.number().int().describe('Their cost is in no sum'),
  durationMs: latencySchema,
  firstTokenMs: latencySchema,
});
export type UsageRow = z.infer<typeof usageRowSchema>;

export const usageReportSchema = z.object({
  rows: z.array(usageRowSchema),
  total: usageRowSchema,
  savedNano: z
    .number()
    .int()
    .describe('By the cache and by cheaper models that passed, against what was asked for'),
});
export type UsageReport = z.infer<typeof usageReportSchema>;
