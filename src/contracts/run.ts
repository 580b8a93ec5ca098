// A run is an append-only event log. Page, second tab, API and agent all read the same one and can resume it.
// Part names are those of the AI SDK's stream; `run-*` are ours.
import { z } from 'zod';
import { planItemSchema } from './agent.ts';
import { receiptSchema } from './conversation.ts';
import { errorBodySchema } from './errors.ts';
import { groundingVerdictSchema, sourceSchema } from './knowledge.ts';
import { callStatusSchema, placeSchema } from './model.ts';
import { costSchema, usageSchema } from './money.ts';
import { noticeSchema } from './notice.ts';
import { approvalRuleSchema, toolEffects, toolResultSchema } from './tool.ts';

/** A run that waits for an approval is running: the open approval says so. */
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
  noticeSchema.extend({ type: z.literal('run-warning') }),
  z.object({ type: z.literal('text-start'), id }),
  z.object({ type: z.literal('text-delta'), id, delta: z.string() }),
  z.object({ type: z.literal('text-end'), id }),
  z.object({ type: z.literal('reasoning-start'), id }),
  z.object({ type: z.literal('reasoning-delta'), id, delta: z.string() }),
  z.object({ type: z.literal('reasoning-end'), id }),
  z.object({
    type: z.literal('step-start'),
    step: z
      .number()
      .int()
      .describe(
        'From 1. The same number again, after a kill or a failed try: the step is done anew, and every reader forgets what text and reasoning it had of it',
      ),
  }),
  z.object({ type: z.literal('step-finish'), step: z.number().int() }),
  z.object({
    type: z.literal('run-usage'),
    model: z.string(),
    usage: usageSchema.nullable().describe('null: the provider did not say'),
    cost: costSchema.describe('Of one model call of the run; the receipt sums them'),
  }),
  z.object({ type: z.literal('plan'), items: z.array(planItemSchema).describe('Replaces the last one') }),
  z.object({
    type: z.literal('sources'),
    sources: z.array(sourceSchema).describe('Every source that is known so far; replaces the last list'),
    verdict: groundingVerdictSchema.nullable(),
  }),
  z.object({
    type: z.literal('tool-call'),
    toolCallId: z.string(),
    toolName: z.string(),
    title: z.string(),
    effect: z.enum(toolEffects),
    input: z.unknown(),
  }),
  z.object({
    type: z.literal('tool-approval-request'),
    approvalId: z.string(),
    toolCallId: z.string(),
    rule: approvalRuleSchema,
    problem: z.string().nullable(),
  }),
  z.object({
    type: z.literal('tool-approval-response'),
    approvalId: z.string(),
    toolCallId: z.string(),
    approved: z.boolean(),
    input: z.unknown().describe('The arguments that count from here on; edited or as asked'),
    reason: z.string().nullable(),
  }),
  z.object({
    type: z.literal('tool-start'),
    toolCallId: z.string().describe('From here on it may have had its effect'),
  }),
  z.object({
    type: z.literal('tool-progress'),
    toolCallId: z.string(),
    done: z.number().nullable(),
    total: z.number().nullable(),
    message: z.string().nullable(),
    output: z.string().nullable().describe('What is known so far; replaces the last'),
  }),
  z.object({ type: z.literal('tool-result'), toolCallId: z.string(), result: toolResultSchema }),
  z.object({ type: z.literal('output'), output: z.unknown().describe('Of an agent with an output schema') }),
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
  kind: z.string().describe('chat, or agent for a run outside a conversation'),
  userId: z.string(),
  conversationId: z.string().nullable(),
  messageId: z.string().nullable(),
  agent: z.string().nullable().describe('Name of the agent; null: an answer of a model alone'),
  task: z.string().nullable().describe('What an agent was asked last, at most 300 characters of it'),
  status: z.enum(runStatuses),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
});
export type Run = z.infer<typeof runSchema>;
