// A configured MCP server: what a person enters, and the state in which it stands.
import { z } from 'zod';
import { errorBodySchema } from './errors.ts';
import { approvalRuleSchema } from './tool.ts';

export const mcpTransportSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('stdio'),
    command: z.string().min(1).describe('The program to start'),
    args: z.array(z.string()).default([]),
    env: z
      .record(z.string(), z.string())
      .default({})
      .describe('Added to a minimal environment; may hold secrets'),
    cwd: z.string().nullable().default(null),
  }),
  z.object({
    kind: z.literal('http'),
    url: z.url({ protocol: /^https?$/ }),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .describe('Sent with every request; may hold secrets'),
    allowLocal: z
      .boolean()
      .default(false)
      .describe('The person meant this machine or its network: the guard lets this one host and port pass'),
  }),
]);
export type McpTransport = z.infer<typeof mcpTransportSchema>;

export const mcpServerSchema = z.object({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,23}$/, 'must be 1 to 24 small letters, digits or -, from a letter on'),
  title: z.string().min(1),
  transport: mcpTransportSchema,
  enabled: z.boolean().default(true),
  era: z
    .enum(['auto', 'legacy', 'modern'])
    .default('auto')
    .describe(
      'auto asks which protocol the server speaks; legacy is 2025-11-25 and before, modern 2026-07-28',
    ),
  approval: approvalRuleSchema
    .default('always')
    .describe('For its tools; what a server says of itself is no proof'),
  timeoutMs: z.number().int().positive().default(120_000).describe('Longest call'),
});
export type McpServer = z.infer<typeof mcpServerSchema>;

export const mcpStates = ['off', 'connecting', 'connected', 'waiting', 'failed'] as const;

export const mcpServerStatusSchema = z.object({
  id: z.string(),
  state: z.enum(mcpStates).describe('waiting: it went away and is tried again'),
  error: errorBodySchema.nullable(),
  protocolVersion: z.string().nullable(),
  serverName: z.string().nullable(),
  serverVersion: z.string().nullable(),
  tools: z.number().int(),
});
export type McpServerStatus = z.infer<typeof mcpServerStatusSchema>;
