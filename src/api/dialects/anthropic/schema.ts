// A request for a message on Anthropic's wire. Unknown fields are ignored, and so are blocks and tools of types that are
// not known here: clients send new ones long before anybody else reads them.
import { z } from '@hono/zod-openapi';

const textBlock = z.object({ type: z.literal('text'), text: z.string() });
const imageBlock = z.object({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('base64'), media_type: z.string(), data: z.string().min(1) }),
    z.object({ type: z.literal('url'), url: z.string().min(1) }),
    z.object({ type: z.literal('file'), file_id: z.string() }),
  ]),
});
const documentBlock = z.object({
  type: z.literal('document'),
  title: z.string().nullish(),
  context: z.string().nullish(),
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('text'), data: z.string(), media_type: z.string().optional() }),
    z.object({ type: z.literal('base64'), media_type: z.string(), data: z.string().min(1) }),
    z.object({ type: z.literal('url'), url: z.string().min(1) }),
    z.object({
      type: z.literal('content'),
      content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textBlock, imageBlock]))]),
    }),
    z.object({ type: z.literal('file'), file_id: z.string() }),
  ]),
});
const searchResultBlock = z.object({
  type: z.literal('search_result'),
  source: z.string(),
  title: z.string(),
  content: z.array(textBlock),
});
const toolResultBlock = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string().min(1),
  is_error: z.boolean().nullish(),
  // Read one by one (messages.ts): a result may hold blocks that are not known here.
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish(),
});

const userBlocks = [textBlock, imageBlock, documentBlock, searchResultBlock, toolResultBlock] as const;
const assistantBlocks = [
  textBlock,
  z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string().nullish() }),
  z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
  z.object({
    type: z.literal('tool_use'),
    id: z.string().min(1),
    name: z.string().min(1),
    input: z.unknown(),
  }),
] as const;

export const userBlockSchema = z.discriminatedUnion('type', [...userBlocks]);
const assistantBlock = z.discriminatedUnion('type', [...assistantBlocks]);
export type UserBlock = z.infer<typeof userBlockSchema>;
export type AssistantBlock = z.infer<typeof assistantBlock>;

/** A block of a type that nobody here reads; what it holds is left alone. */
export type UnknownBlock = { type: 'unknown'; name: string };

/** A known type is checked, so that a fault in it is told; any other becomes an unknown block. */
function blocksOf<T extends z.ZodType>(known: readonly string[], block: T) {
  const unknown = z
    .looseObject({ type: z.string() })
    .refine(({ type }) => !known.includes(type))
    .transform(({ type }): UnknownBlock => ({ type: 'unknown', name: type }));
  return z.array(z.union([block, unknown]));
}

const typesOf = (blocks: readonly { shape: { type: z.ZodLiteral<string> } }[]) =>
  blocks.map(({ shape }) => shape.type.value);

const systemContent = z.union([z.string(), z.array(textBlock)]);
const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: systemContent }),
  z.object({
    role: z.literal('user'),
    content: z.union([z.string(), blocksOf(typesOf(userBlocks), userBlockSchema)]),
  }),
  z.object({
    role: z.literal('assistant'),
    content: z.union([z.string(), blocksOf(typesOf(assistantBlocks), assistantBlock)]),
  }),
]);
export type Message = z.infer<typeof messageSchema>;

const toolSchema = z.looseObject({
  type: z.string().nullish(),
  name: z.string().max(200).optional(),
  description: z.string().nullish(),
  input_schema: z.record(z.string(), z.unknown()).optional(),
  strict: z.boolean().nullish(),
});
export type Tool = z.infer<typeof toolSchema>;

const parallel = { disable_parallel_tool_use: z.boolean().nullish() };
const jsonFormat = z.object({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) });

/** What counting tokens asks for too. */
export const promptSchema = z.object({
  model: z.string().min(1).max(512),
  system: systemContent.nullish(),
  messages: z.array(messageSchema).min(1),
  tools: z.array(toolSchema).nullish(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('auto'), ...parallel }),
      z.object({ type: z.literal('any'), ...parallel }),
      z.object({ type: z.literal('tool'), name: z.string(), ...parallel }),
      z.object({ type: z.literal('none') }),
    ])
    .nullish(),
  thinking: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('enabled'), budget_tokens: z.number().int().min(0) }),
      z.object({ type: z.literal('adaptive') }),
      z.object({ type: z.literal('disabled') }),
    ])
    .nullish(),
  output_config: z
    .object({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: jsonFormat.nullish(),
    })
    .nullish(),
  output_format: jsonFormat.nullish().describe('What output_config.format was called before'),
});
export type PromptRequest = z.infer<typeof promptSchema>;

export const messageRequestSchema = promptSchema.extend({
  max_tokens: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  top_k: z.number().int().min(0).nullish(),
  stop_sequences: z.array(z.string()).max(64).nullish(),
  stream: z.boolean().nullish(),
});
export type MessageRequest = z.infer<typeof messageRequestSchema>;
