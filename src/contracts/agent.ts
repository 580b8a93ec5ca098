// Agents: what one is told, may use and may decide alone; the plan of a run, and the approvals that it waits for.
import { z } from 'zod';
import { parametersSchema } from './model.ts';
import { approvalRuleSchema, toolEffects } from './tool.ts';

export const agentNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,47}$/, 'must be 1 to 48 small letters, digits or -, and start with a letter');

export const agentInputSchema = z.object({
  name: agentNameSchema.describe('Its address: /serve/agents/{name}, and agents/{name} as a model'),
  title: z.string().min(1).max(120),
  description: z.string().max(2000).default(''),
  instructions: z.string().max(32_000).default('').describe('System prompt'),
  model: z.string().default('default').describe('A model id or an alias'),
  parameters: parametersSchema.default({}),
  tools: z.array(z.string()).default([]).describe('Names of tools; one that is gone is left out and said'),
  knowledge: z.array(z.string()).default([]).describe('Collections that it may search'),
  approvals: z
    .record(z.string(), approvalRuleSchema)
    .default({})
    .describe('Tool name to rule, before the person’s rule for the tool and the tool’s own'),
  outputSchema: z
    .record(z.string(), z.unknown())
    .nullable()
    .default(null)
    .describe('JSON Schema of the answer; null: text'),
  planning: z.boolean().default(true).describe('Whether it writes a plan first when it has tools'),
  maxSteps: z.number().int().min(1).max(100).default(20),
});
export type AgentInput = z.infer<typeof agentInputSchema>;

export const agentSchema = agentInputSchema.extend({
  id: z.string(),
  source: z.enum(['builtin', 'person']).describe('builtin: can be copied, not changed'),
  madeBy: z
    .object({ id: z.string(), name: z.string() })
    .nullable()
    .describe('Who may change it, beside admins; null for a built-in one'),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Agent = z.infer<typeof agentSchema>;

export const planItemSchema = z.object({
  id: z.string(),
  text: z.string().min(1).max(500),
  status: z.enum(['open', 'doing', 'done', 'dropped']),
});
export type PlanItem = z.infer<typeof planItemSchema>;

/** A question that stops a run until a person answers; it outlives the process. */
export const approvalSchema = z.object({
  id: z.string(),
  runId: z.string(),
  conversationId: z.string().nullable(),
  agent: z.string().describe('Name of the agent'),
  toolCallId: z.string(),
  toolName: z.string(),
  toolTitle: z.string(),
  effect: z.enum(toolEffects),
  input: z.unknown().describe('The exact arguments'),
  rule: approvalRuleSchema,
  problem: z.string().nullable().describe('Set when the rule itself could not be applied'),
  createdAt: z.number(),
  answeredAt: z.number().nullable(),
  decision: z.enum(['yes', 'no']).nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;

export const approvalAnswerSchema = z.object({
  decision: z.enum(['yes', 'no']),
  input: z.unknown().optional().describe('Edited arguments; checked against the tool like any others'),
  reason: z.string().max(2000).optional().describe('The model reads it'),
});
export type ApprovalAnswer = z.infer<typeof approvalAnswerSchema>;

/** What the person has set for a tool, over what the tool says of itself. */
export const toolSettingSchema = z.object({
  name: z.string(),
  enabled: z.boolean(),
  approval: approvalRuleSchema.nullable().describe('null: the tool’s own rule'),
});
export type ToolSetting = z.infer<typeof toolSettingSchema>;
