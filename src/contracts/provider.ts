// A provider that a person configured: its address, its sealed key, its models and their prices.
import { z } from 'zod';
import { errorBodySchema } from './errors.ts';
import { priceSchema } from './money.ts';

export const providerIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'lower-case letters, digits and dashes, at most 39');

export const providerKinds = [
  'openai',
  'anthropic',
  'google',
  'openrouter',
  'mistral',
  'bedrock',
  'ollama',
  'llama-server',
  'openai-compatible',
] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** A `llama-server` that Atelier starts with a model when it is asked, and stops again. */
export const llamaServerSchema = z.object({
  command: z.string().min(1).max(1024).describe('The program, such as llama-server or its full path'),
  model: z.string().min(1).max(1024).describe('Id of an installed model'),
  projector: z
    .string()
    .max(1024)
    .nullable()
    .default(null)
    .describe('File of the image projector (mmproj), for images'),
  arguments: z.array(z.string().max(1024)).max(64).default([]).describe('Such as --n-gpu-layers 99'),
});
export type LlamaServer = z.infer<typeof llamaServerSchema>;

export const providerInputSchema = z.object({
  id: providerIdSchema.optional().describe('First part of its model ids; made from the name when absent'),
  kind: z.enum(providerKinds).default('openai-compatible'),
  name: z.string().min(1).max(80),
  baseUrl: z
    .url()
    .optional()
    .describe('Such as http://127.0.0.1:1234/v1; absent: the address that this kind of provider has'),
  region: z
    .string()
    .regex(/^[a-z0-9-]{2,32}$/)
    .nullable()
    .optional()
    .describe('Of bedrock, such as eu-west-3'),
  llamaServer: llamaServerSchema.nullable().optional(),
  models: z
    .array(z.string().trim().min(1).max(256))
    .max(500)
    .optional()
    .describe('Names entered by hand, beside those that the provider lists itself'),
  apiKey: z.string().max(4096).nullable().optional().describe('null removes it; absent leaves it'),
  headers: z.record(z.string(), z.string()).optional(),
});
export type ProviderInput = z.infer<typeof providerInputSchema>;

export const providerModelSchema = z.object({
  name: z.string(),
  kind: z.enum(['chat', 'embedding']).default('chat'),
  contextLength: z.number().int().nullable(),
  maxOutputTokens: z.number().int().nullable().default(null),
  input: z
    .array(z.enum(['text', 'image']))
    .nullable()
    .default(null)
    .describe('null: not stated'),
  tools: z.boolean().nullable().default(null).describe('Whether it calls tools; null: not stated'),
  byHand: z.boolean().default(false).describe('Entered by a person'),
  price: priceSchema,
});

export const providerSchema = z.object({
  id: z.string(),
  kind: z.enum(providerKinds),
  name: z.string(),
  baseUrl: z.string(),
  region: z.string().nullable(),
  llamaServer: llamaServerSchema.nullable(),
  hasKey: z.boolean(),
  models: z.array(providerModelSchema),
  state: z.enum(['ready', 'unreachable', 'unauthorized', 'untested']),
  error: errorBodySchema.nullable(),
  checkedAt: z.number().nullable(),
  createdAt: z.number(),
});
export type Provider = z.infer<typeof providerSchema>;

/** What a form needs to know of a kind. */
export const providerKindSchema = z.object({
  kind: z.enum(providerKinds),
  baseUrl: z
    .string()
    .nullable()
    .describe('Where it is when no address is given; `{region}` is replaced; null: an address must be given'),
  needsKey: z.boolean(),
  needsRegion: z.boolean(),
  needsCommand: z.boolean().describe('Atelier starts it: a program and a model instead of an address'),
});
export type ProviderKindInfo = z.infer<typeof providerKindSchema>;

export const providerTestSchema = z.object({
  ok: z.boolean(),
  models: z.array(z.string()),
  latencyMs: z.number().nullable(),
  error: errorBodySchema.nullable(),
});
export type ProviderTest = z.infer<typeof providerTestSchema>;
