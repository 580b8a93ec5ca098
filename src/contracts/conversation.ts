// Conversations and their messages: a tree, so that an edit is a branch and nothing is overwritten.
import { z } from 'zod';
import { planItemSchema } from './agent.ts';
import { errorBodySchema } from './errors.ts';
import { groundingVerdictSchema, sourceSchema } from './knowledge.ts';
import { parametersSchema, placeSchema } from './model.ts';
import { costSchema, usageSchema } from './money.ts';
import { noticeSchema } from './notice.ts';
import { routedSchema } from './routing.ts';
import { scoreSchema } from './score.ts';
import { toolEffects, toolResultSchema } from './tool.ts';

export const messagePartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('reasoning'), text: z.string() }),
  z.object({
    type: z.literal('file'),
    name: z.string().min(1).max(255),
    mediaType: z.string(),
    text: z.string().describe('The whole text of an attached text file'),
  }),
  z.object({
    type: z.literal('sources'),
    sources: z.array(sourceSchema),
    verdict: groundingVerdictSchema.nullable(),
  }),
  z.object({ type: z.literal('plan'), items: z.array(planItemSchema) }),
  z.object({
    type: z.literal('tool'),
    toolCallId: z.string(),
    toolName: z.string(),
    title: z.string(),
    effect: z.enum(toolEffects),
    input: z.unknown(),
    approval: z
      .object({
        id: z.string(),
        rule: z.string(),
        problem: z.string().nullable(),
        decision: z.enum(['yes', 'no']).nullable().describe('null: still waiting'),
        reason: z.string().nullable(),
      })
      .nullable()
      .describe('null: none was needed'),
    result: toolResultSchema.nullable().describe('null: it has not ended, or never ran'),
  }),
]);
export type MessagePart = z.infer<typeof messagePartSchema>;

/** What was written in a part; empty for parts that only show what was done. */
export const writtenText = (part: MessagePart): string => ('text' in part ? part.text : '');

/** What the quiet line under an answer shows. */
export const receiptSchema = z.object({
  model: z.string().describe('The model that answered, provider/name'),
  place: placeSchema,
  usage: usageSchema,
  cost: costSchema,
  finishReason: z.string(),
  timeToFirstTokenMs: z.number().nullable(),
  durationMs: z.number(),
  tokensPerSecond: z.number().nullable().describe('Written tokens a second, after the first'),
  traceId: z.string(),
  spanId: z.string(),
  notes: z.array(z.string()),
  notices: z.array(noticeSchema).optional().describe('The notes with codes, for a page in any language'),
  routed: routedSchema
    .optional()
    .describe('Only where another model than the one that was named answered, or nobody was asked'),
});
export type Receipt = z.infer<typeof receiptSchema>;

export const messageStatuses = ['complete', 'running', 'stopped', 'interrupted', 'failed'] as const;

export const messageSchema = z.object({
  id: z.string(),
  conversationId: z.string(),
  parentId: z.string().nullable(),
  role: z.enum(['user', 'assistant']),
  parts: z.array(messagePartSchema),
  status: z.enum(messageStatuses),
  runId: z.string().nullable().describe('The run that writes or wrote this answer'),
  receipt: receiptSchema.nullable(),
  error: errorBodySchema.nullable(),
  score: scoreSchema.nullable().describe('The rating of the person who asks'),
  createdAt: z.number(),
});
export type Message = z.infer<typeof messageSchema>;

export const conversationSchema = z.object({
  id: z.string(),
  title: z
    .string()
    .nullable()
    .describe('The first words until the model or a person gave one; null before the first message'),
  titleSource: z.enum(['none', 'model', 'person']),
  model: z.string().describe('A model id or an alias'),
  system: z.string().describe('System prompt; empty: none'),
  parameters: parametersSchema,
  knowledge: z.array(z.string()).describe('Collections that answers are drawn from'),
  agent: z.string().nullable().describe('Name of the agent that answers; null: the model itself'),
  tools: z.array(z.string()).describe('Tools that the assistant may use here when no other agent is named'),
  headId: z.string().nullable().describe('Last message of the branch that is shown'),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Conversation = z.infer<typeof conversationSchema>;
