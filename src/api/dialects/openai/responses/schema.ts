// A request on the Responses wire. Items and tools stay loose here, because clients send kinds that only their own
// provider knows; input.ts and tools.ts read those that mean something. Unknown fields are ignored.
import { z } from '@hono/zod-openapi';

const loose = z.record(z.string(), z.unknown());
const jsonSchema = loose;

const textFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    name: z.string().nullish(),
    description: z.string().nullish(),
    schema: jsonSchema,
    strict: z.boolean().nullish(),
  }),
]);

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

export const responseRequestSchema = z.object({
  model: z.string().min(1).max(512).nullish().describe('May be left to the prompt that is named'),
  input: z.union([z.string(), z.array(loose)]).nullish(),
  instructions: z.union([z.string(), z.array(loose)]).nullish(),
  previous_response_id: z.string().min(1).max(256).nullish(),
  conversation: z.unknown().optional().describe('Refused: use previous_response_id'),
  prompt: z
    .object({
      id: z.string().min(1).max(256).describe('Name or id of a prompt that is kept here'),
      version: z.string().max(64).nullish().describe('A number, or a label'),
      variables: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
  tools: z.array(loose).max(512).nullish(),
  tool_choice: z.union([z.enum(['none', 'auto', 'required']), loose]).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  max_tool_calls: z.number().int().min(1).nullish(),
  text: z.object({ format: textFormat.nullish(), verbosity: z.string().nullish() }).nullish(),
  reasoning: z.object({ effort: z.enum(efforts).nullish(), summary: z.string().nullish() }).nullish(),
  include: z.array(z.string()).nullish(),
  store: z.boolean().nullish().describe('Default true'),
  background: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish().describe('Nothing is ever cut, whatever is asked'),
  max_output_tokens: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  service_tier: z.string().nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
});
export type ResponseRequest = z.infer<typeof responseRequestSchema>;

/** An item of the conversation, of any kind. */
export type Item = Record<string, unknown>;
/** As it is kept and listed. */
export type StoredItem = Item & { id: string; type: string };
