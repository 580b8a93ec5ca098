// The program seen from outside: settings, health and what the page needs at its first paint.
import { z } from 'zod';
import { firstRunSchema } from './catalogue.ts';
import { costSchema } from './money.ts';
import { taskSchema } from './task.ts';

export const settingsSchema = z.object({
  language: z.enum(['auto', 'en', 'fr']),
  theme: z.enum(['auto', 'light', 'dark']),
  keepContent: z.boolean().describe('Whether the ledger keeps messages; off keeps figures only'),
  retentionDays: z
    .number()
    .int()
    .min(1)
    .nullable()
    .describe('Traces older than this are removed; null keeps them'),
  retentionMegabytes: z
    .number()
    .int()
    .min(1)
    .nullable()
    .describe('Oldest traces are removed beyond this size'),
  unloadAfterMinutes: z.number().int().min(1).nullable().describe('An idle model leaves memory after this'),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What each person has for themselves; the program's hold until they choose. */
export const personalSettingsSchema = settingsSchema.pick({ language: true, theme: true }).extend({
  trainingConsent: z
    .boolean()
    .describe(
      'Whether an admin may collect your rated answers and conversations to train models; off until you choose',
    ),
});
export type PersonalSettings = z.infer<typeof personalSettingsSchema>;

export const defaultSettings: Settings = {
  language: 'auto',
  theme: 'auto',
  keepContent: true,
  retentionDays: 90,
  retentionMegabytes: 2048,
  unloadAfterMinutes: 30,
};

export const healthSchema = z.object({
  status: z.literal('ok'),
  version: z.string(),
  ready: z.boolean().describe('Whether a model can answer now'),
  store: z.enum(['sqlite', 'postgres']),
  uptimeSeconds: z.number(),
  firstRun: firstRunSchema,
});
export type Health = z.infer<typeof healthSchema>;

/** The live figures of the drawing on the home page, a box each. */
export const overviewSchema = z.object({
  boxes: z.object({
    models: z.object({
      loaded: z.number().int().describe('In memory now'),
      installed: z.number().int().describe('Local models, configured endpoints and their models'),
    }),
    knowledge: z.object({
      collections: z.number().int(),
      documents: z.number().int().describe('Ready to be found'),
      working: z.number().int(),
      failed: z.number().int(),
    }),
    tools: z.object({ enabled: z.number().int(), total: z.number().int(), faults: z.number().int() }),
    agents: z.object({
      count: z.number().int(),
      running: z.number().int().describe('Runs under way'),
      approvals: z.number().int().describe('Approvals that wait for a person'),
    }),
    apps: z.object({ count: z.number().int(), faults: z.number().int() }),
    api: z.object({ callsToday: z.number().int().describe('Model calls over the foreign wires') }),
    monitoring: z.object({
      callsToday: z.number().int(),
      errorsToday: z.number().int(),
      costToday: costSchema,
    }),
  }),
});
export type Overview = z.infer<typeof overviewSchema>;

/** What happens while a page is open, sent on `/atelier/v1/events`. `*-changed` says what to read again. */
export const serverEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('task-changed'), task: taskSchema }),
  z.object({ type: z.literal('models-changed') }),
  z.object({ type: z.literal('first-run-changed'), firstRun: firstRunSchema }),
  z.object({ type: z.literal('conversation-changed'), conversationId: z.string(), userId: z.string() }),
  z.object({ type: z.literal('conversations-changed'), userId: z.string() }),
  z.object({ type: z.literal('trace-changed'), traceId: z.string(), userId: z.string() }),
  z.object({ type: z.literal('settings-changed') }),
  z.object({ type: z.literal('knowledge-changed'), collectionId: z.string().nullable(), userId: z.string() }),
  z.object({ type: z.literal('agents-changed'), userId: z.string() }),
  z.object({ type: z.literal('approvals-changed'), userId: z.string() }),
  z.object({ type: z.literal('tools-changed') }),
  z.object({ type: z.literal('apps-changed') }),
  z.object({
    type: z.literal('span-started'),
    traceId: z.string(),
    spanId: z.string(),
    kind: z.string().describe('Kind of the span: the drawing lights the box that belongs to it'),
    userId: z.string(),
  }),
  z.object({ type: z.literal('span-ended'), traceId: z.string(), spanId: z.string(), userId: z.string() }),
]);
export type ServerEvent = z.infer<typeof serverEventSchema>;
