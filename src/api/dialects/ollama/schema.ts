// Requests on Ollama's wire. Unknown fields are ignored, and so are options that only its own runner has.
import { z } from '@hono/zod-openapi';

const model = z.string().min(1).max(512);
const levels = ['low', 'medium', 'high', 'max'] as const;

const optionsSchema = z.object({
  num_predict: z.number().int().nullish().describe('Negative: as much as there is room for'),
  temperature: z.number().min(0).max(2).nullish(),
  top_k: z.number().int().min(0).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  repeat_penalty: z.number().positive().nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
});
export type Options = z.infer<typeof optionsSchema>;

const common = {
  model,
  stream: z.boolean().default(true),
  format: z
    .union([z.literal(''), z.literal('json'), z.record(z.string(), z.unknown())])
    .nullish()
    .describe('json, or a JSON schema'),
  options: optionsSchema.nullish(),
  think: z.union([z.boolean(), z.enum(levels)]).nullish(),
  keep_alive: z.union([z.string(), z.number()]).nullish().describe('0: leave memory after the answer'),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
};
export type Common = Pick<
  z.infer<z.ZodObject<typeof common>>,
  'format' | 'options' | 'think' | 'logprobs' | 'top_logprobs'
>;

const images = z.array(z.string().min(1)).nullish().describe('In base64');

const toolCall = z.object({
  id: z.string().nullish(),
  function: z.object({
    name: z.string().min(1),
    arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).nullish(),
  }),
});

const messageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string().nullish(),
  thinking: z.string().nullish(),
  images,
  tool_calls: z.array(toolCall).nullish(),
  tool_name: z.string().nullish(),
  tool_call_id: z.string().nullish(),
});
export type OllamaMessage = z.infer<typeof messageSchema>;

const toolSchema = z.object({
  type: z.string().nullish(),
  function: z.object({
    name: z.string().min(1).max(200),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
  }),
});

export const chatSchema = z.object({
  ...common,
  messages: z
    .array(messageSchema)
    .nullish()
    .describe('None: the model is loaded, or with keep_alive 0 unloaded'),
  tools: z.array(toolSchema).nullish(),
});
export type ChatRequest = z.infer<typeof chatSchema>;

export const generateSchema = z.object({
  ...common,
  prompt: z.string().nullish().describe('None: the model is loaded, or with keep_alive 0 unloaded'),
  system: z.string().nullish(),
  suffix: z.string().nullish(),
  template: z.string().nullish(),
  context: z.array(z.number()).nullish(),
  raw: z.boolean().nullish(),
  images,
});
export type GenerateRequest = z.infer<typeof generateSchema>;

export const embedSchema = z.object({
  model,
  input: z.union([z.string(), z.array(z.string()).max(2048)]),
  dimensions: z.number().int().min(1).nullish(),
});

export const embeddingsSchema = z.object({ model, prompt: z.string() });

/** Older clients say `name`. */
export const namedSchema = z
  .object({ model: model.optional(), name: model.optional(), stream: z.boolean().default(true) })
  .transform(({ model: asked, name, stream }) => ({ model: asked ?? name ?? '', stream }))
  .refine(({ model: asked }) => asked !== '', { path: ['model'], message: 'Which model?' });
