// A run is an append-only event log. Page, second tab, API and agent all read the same one and can resume it.
// Part names are those of the AI SDK's stream; `run-*` are ours.
import { z } from 'zod';
import { receiptSchema } from './conversation.ts';
import { errorBodySchema } from './errors.ts';
import { callStatusSchema, placeSchema } from './model.ts';

export const runStatuses = ['running', 'complete', 'stopped', 'interrupted', 'failed'] as const;

const id = z.string().describe('Id of the block within the run');

export const runEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run-start'),
    messageId: z.string(),
    model: z.string(),
    place: placeSchema.nullable(),
  }),
  z.object({ type: z.literal('run-status'), status: callStatusSchema }),
  z.object({ type: z.literal('run-warning'), message: z.string() }),
  z.object({ type: z.literal('text-start'), id }),
  z.object({ type: z.literal('text-delta'), id, delta: z.string() }),
  z.object({ type: z.literal('text-end'), id }),
  z.object({ type: z.literal('reasoning-start'), id }),
  z.object({ type: z.literal('reasoning-delta'), id, delta: z.string() }),
  z.object({ type: z.literal('reasoning-end'), id }),
  z.object({
    type: z.literal('run-finish'),
    status: z.enum(['complete', 'stopped', 'interrupted', 'failed']),
    receipt: receiptSchema.nullable(),
    error: errorBodySchema.nullable(),
  }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

/** An event as it stands in the log: `seq` starts at 1 and has no gaps. */
export const loggedEventSchema = z.object({
  seq: z.number().int().positive(),
  at: z.number(),
  event: runEventSchema,
});
export type LoggedEvent = z.infer<typeof loggedEventSchema>;

export const runSchema = z.object({
  id: z.string(),
  kind: z.string().describe('chat; agent runs come later'),
  userId: z.string(),
  conversationId: z.string().nullable(),
  messageId: z.string().nullable(),
  status: z.enum(runStatuses),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
});
export type Run = z.infer<typeof runSchema>;
