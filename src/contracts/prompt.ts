// A prompt that is kept: versions that never change, labels that point at one, variables in double braces.
import { z } from 'zod';
import { parametersSchema } from './model.ts';

export const promptNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots and dashes, at most 64');
export const labelSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'lower-case letters, digits and dashes');

export const promptMessageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  text: z.string().max(200_000),
});
export type PromptMessage = z.infer<typeof promptMessageSchema>;

export const promptBodySchema = z.object({
  messages: z.array(promptMessageSchema).min(1).max(100),
  model: z.string().nullable().default(null).describe('null: whichever the caller chooses'),
  parameters: parametersSchema.default({}),
});
export type PromptBody = z.infer<typeof promptBodySchema>;

export const promptVersionSchema = promptBodySchema.extend({
  version: z.number().int().positive(),
  note: z.string().max(500),
  variables: z.array(z.string()).describe('Names in double braces, in the order of their first place'),
  userId: z.string(),
  createdAt: z.number(),
});
export type PromptVersion = z.infer<typeof promptVersionSchema>;

export const promptSchema = z.object({
  id: z.string(),
  name: promptNameSchema,
  description: z.string(),
  latest: promptVersionSchema,
  versions: z.number().int(),
  labels: z.record(z.string(), z.number().int()).describe('Label to version'),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Prompt = z.infer<typeof promptSchema>;

export const promptInputSchema = z.object({
  name: promptNameSchema,
  description: z.string().max(500).default(''),
  body: promptBodySchema,
  note: z.string().max(500).default(''),
});
export type PromptInput = z.infer<typeof promptInputSchema>;

export const variablePattern = /\{\{\s*([\p{L}_][\p{L}\p{N}_]{0,63})\s*\}\}/gu;

export function variablesOf(messages: readonly PromptMessage[]): string[] {
  const names = messages.flatMap(({ text }) =>
    [...text.matchAll(variablePattern)].map((match) => match[1] ?? ''),
  );
  return [...new Set(names)];
}

/** @returns the messages with their variables filled in, and the names that had no value */
export function fillPrompt(
  messages: readonly PromptMessage[],
  values: Readonly<Record<string, string>>,
): { messages: PromptMessage[]; missing: string[] } {
  const missing = variablesOf(messages).filter((name) => !Object.hasOwn(values, name));
  return {
    missing,
    messages: messages.map(({ role, text }) => ({
      role,
      text: text.replace(variablePattern, (whole, name: string) =>
        Object.hasOwn(values, name) ? (values[name] ?? '') : whole,
      ),
    })),
  };
}

/** Of `POST /prompts/{name}/render` and `/run`. */
export const promptChoiceSchema = z.object({
  version: z.number().int().positive().optional(),
  label: z
    .string()
    .max(32)
    .optional()
    .describe('Default: `production` where that label stands, else the newest version'),
});
export type PromptChoice = z.infer<typeof promptChoiceSchema>;

export const promptVariablesSchema = z.record(z.string(), z.string());

export const resolvedPromptSchema = z.object({
  id: z.string(),
  name: promptNameSchema,
  version: z.number().int(),
  messages: z.array(promptMessageSchema).describe('With every variable filled in'),
  model: z.string().nullable(),
  parameters: parametersSchema,
});
export type ResolvedPrompt = z.infer<typeof resolvedPromptSchema>;
