// Applications: a typed function with a stream, seen as a page, an endpoint, a command and a model id.
import { z } from 'zod';
import { agentNameSchema } from './agent.ts';
import { errorBodySchema } from './errors.ts';
import { costSchema, usageSchema } from './money.ts';
import { noticeSchema } from './notice.ts';

const jsonSchema = z.record(z.string(), z.unknown()).describe('JSON Schema');

/** A measured figure of an app: from a bench that stored it here, or one that came with Atelier. */
export const appFigureSchema = z.object({
  app: z.string(),
  set: z.string().describe('The test set, such as sst2'),
  metric: z.string().describe('macro-F1, accuracy, chrF, ROUGE-L, pass@1, ...'),
  model: z.string(),
  value: z.number(),
  low: z.number().nullable().describe('95 % interval'),
  high: z.number().nullable(),
  rows: z.number().int(),
  measuredAt: z.number(),
  origin: z
    .enum(['here', 'shipped'])
    .describe('shipped: measured by the makers of Atelier; the same measurement made here takes its place'),
});
export type AppFigure = z.infer<typeof appFigureSchema>;
/** One that was measured here. */
export type OwnFigure = Omit<AppFigure, 'origin'>;

export const appInfoSchema = z.object({
  name: agentNameSchema.describe('Its address: /apps/{name}, /serve/apps/{name}, and apps/{name} as a model'),
  title: z.record(z.enum(['en', 'fr']), z.string()),
  description: z.record(z.enum(['en', 'fr']), z.string()),
  icon: z.string().describe('Name of a Lucide icon'),
  source: z.enum(['builtin', 'user']),
  origin: z.string().nullable().describe('The file of a user’s app'),
  inputSchema: jsonSchema,
  outputSchema: jsonSchema,
  streams: z.boolean().describe('Whether text comes before the output is whole'),
  batch: z.boolean().describe('Whether it runs over the rows of a CSV file'),
  example: z.record(z.enum(['en', 'fr']), z.unknown()).describe('An input that works'),
});
export type AppInfo = z.infer<typeof appInfoSchema>;

/** Why a file in the folder of apps is none. */
export const appFaultSchema = z.object({ origin: z.string(), error: errorBodySchema });
export type AppFault = z.infer<typeof appFaultSchema>;

/** What an app says while it works; `output` is always the last but one, `finish` the last. */
export const appEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('status'),
    step: z.string().describe('A stable word such as reading, part, testing, repairing; the page words it'),
    done: z.number().nullable(),
    total: z.number().nullable(),
  }),
  noticeSchema.extend({ type: z.literal('note') }),
  z.object({ type: z.literal('text-delta'), delta: z.string() }),
  z.object({ type: z.literal('partial'), output: z.unknown().describe('What is known so far') }),
  z.object({ type: z.literal('output'), output: z.unknown() }),
  z.object({
    type: z.literal('finish'),
    receipt: z.object({
      model: z.string(),
      usage: usageSchema,
      cost: costSchema,
      calls: z.number().int(),
      durationMs: z.number(),
      traceId: z.string(),
      spanId: z.string(),
    }),
  }),
]);
export type AppEvent = z.infer<typeof appEventSchema>;

/** A run over the rows of a CSV file: a durable task with a result that can be downloaded. */
export const appBatchSchema = z.object({
  id: z.string(),
  app: z.string(),
  taskId: z.string(),
  model: z.string(),
  fileName: z.string(),
  columns: z.record(z.string(), z.string()).describe('Input field to column of the file'),
  fixed: z.record(z.string(), z.unknown()).describe('Input fields that are the same in every row'),
  rows: z.number().int(),
  done: z.number().int(),
  failed: z.number().int(),
  createdAt: z.number(),
});
export type AppBatch = z.infer<typeof appBatchSchema>;

const label = z.string().min(1).max(200);
/** A typed decision: small models are bad at free text and good at forced choices. */
export const decideInputSchema = z.object({
  model: z.string().default('default').describe('A model, or classifiers/{name}, which reads the input only'),
  instructions: z.string().max(32_000).default('').describe('What is to be decided, and how'),
  input: z.string().describe('What it is decided about: data, never instructions'),
  question: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('choice'),
      options: z
        .array(z.object({ label, description: z.string().optional() }))
        .min(2)
        .max(64),
    }),
    z.object({ type: z.literal('yes_no') }),
    z.object({
      type: z.literal('score'),
      min: z.number().int(),
      max: z.number().int(),
    }),
  ]),
  examples: z
    .array(z.object({ input: z.string(), answer: z.string() }))
    .max(32)
    .default([]),
});
export type DecideInput = z.infer<typeof decideInputSchema>;

export const decisionSchema = z.object({
  value: z
    .union([z.string(), z.number(), z.boolean()])
    .describe('Label, true or false, or the likeliest score'),
  probability: z.number().nullable().describe('Of the value; null where the model tells no probabilities'),
  probabilities: z.record(z.string(), z.number()).nullable().describe('Label to probability; they sum to 1'),
  expected: z.number().nullable().describe('Of a score: the mean over the probabilities'),
  method: z
    .enum(['logprobs', 'schema', 'classifier'])
    .describe(
      'logprobs: from token probabilities; schema: a forced choice without them; classifier: calibrated, from a classifier that was trained',
    ),
  model: z.string(),
  traceId: z.string(),
  spanId: z.string(),
});
export type Decision = z.infer<typeof decisionSchema>;
