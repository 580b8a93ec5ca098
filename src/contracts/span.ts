// The ledger's noun: a trace is a tree of spans, named and attributed as OpenTelemetry's GenAI conventions say
// (https://opentelemetry.io/docs/specs/semconv/gen-ai/). Times are epoch microseconds.
import { z } from 'zod';
import { errorBodySchema } from './errors.ts';
import { costSchema, usageSchema } from './money.ts';
import { type Notice, noticeSchema, noticesOf, saidOf } from './notice.ts';
import { scoreSchema } from './score.ts';

/** The attribute names that Atelier writes. Anything that is absent from the conventions starts with `atelier.`. */
export const attribute = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  responseId: 'gen_ai.response.id',
  finishReasons: 'gen_ai.response.finish_reasons',
  conversation: 'gen_ai.conversation.id',
  temperature: 'gen_ai.request.temperature',
  topP: 'gen_ai.request.top_p',
  topK: 'gen_ai.request.top_k',
  maxTokens: 'gen_ai.request.max_tokens',
  seed: 'gen_ai.request.seed',
  stop: 'gen_ai.request.stop_sequences',
  presencePenalty: 'gen_ai.request.presence_penalty',
  frequencyPenalty: 'gen_ai.request.frequency_penalty',
  outputType: 'gen_ai.output.type',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.usage.cache_creation.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  timeToFirstToken: 'gen_ai.response.time_to_first_chunk',
  toolName: 'gen_ai.tool.name',
  toolCallId: 'gen_ai.tool.call.id',
  toolType: 'gen_ai.tool.type',
  serverAddress: 'server.address',
  errorType: 'error.type',
  user: 'user.id',
  apiKey: 'atelier.api_key.id',
  app: 'atelier.app',
  routed: 'atelier.routed',
  promptName: 'atelier.prompt.name',
  promptVersion: 'atelier.prompt.version',
  savedNano: 'atelier.saved_nano',
  place: 'atelier.place',
  source: 'atelier.source',
  price: 'atelier.price',
  notes: 'atelier.notes',
  notices: 'atelier.notices',
  warnings: 'atelier.warnings',
  tools: 'atelier.request.tools',
  timings: 'atelier.timings',
  minP: 'atelier.request.min_p',
  repeatPenalty: 'atelier.request.repeat_penalty',
} as const;

/** What was said of a span's work, in English for programs and with codes for a page in any language. */
export function noteAttributes(said: readonly Notice[]): Record<string, unknown> {
  if (said.length === 0) return {};
  const { notes, notices } = saidOf(said);
  return { [attribute.notes]: notes, ...(notices === undefined ? {} : { [attribute.notices]: notices }) };
}

/** The same, read back; what was written before there were codes has none. */
export const spanNotices = (attributes: Readonly<Record<string, unknown>>): Notice[] =>
  noticesOf({
    notes: z.array(z.string()).catch([]).parse(attributes[attribute.notes]),
    notices: z.array(noticeSchema).catch([]).parse(attributes[attribute.notices]),
  });

/** Kinds decide the picture and the roll-up; they follow `gen_ai.operation.name`. */
export const spanKinds = [
  'request',
  'run',
  'model',
  'attempt',
  'embedding',
  'retrieval',
  'tool',
  'agent',
  'job',
] as const;

export const spanSchema = z.object({
  traceId: z.string().length(32),
  spanId: z.string().length(16),
  parentId: z.string().length(16).nullable(),
  name: z.string(),
  kind: z.enum(spanKinds),
  startUs: z.number().int(),
  endUs: z
    .number()
    .int()
    .nullable()
    .describe('null while it is open, and when its end was never seen (error interrupted)'),
  status: z.enum(['running', 'ok', 'error', 'cancelled']),
  error: errorBodySchema.nullable(),
  userId: z.string(),
  conversationId: z.string().nullable(),
  model: z.string().nullable().describe('provider/name of the model that answered'),
  usage: usageSchema.nullable(),
  cost: costSchema
    .nullable()
    .describe('Only on the spans that were charged, so that a sum over a tree is right'),
  timeToFirstTokenMs: z.number().nullable(),
  attributes: z.record(z.string(), z.unknown()),
  input: z.unknown().nullable().describe('Messages as sent; null when content is not kept'),
  output: z.unknown().nullable(),
});
export type Span = z.infer<typeof spanSchema>;

/** A row of the trace list: the root span with the sums of its tree. */
export const traceSummarySchema = z.object({
  traceId: z.string(),
  name: z.string(),
  startUs: z.number().int(),
  durationMs: z.number().nullable(),
  status: z.enum(['running', 'ok', 'error', 'cancelled']),
  userId: z.string(),
  conversationId: z.string().nullable(),
  model: z.string().nullable(),
  source: z.string().nullable().describe('page, api, cli, job'),
  keyId: z.string().nullable().describe('The API key it came with'),
  app: z.string().nullable().describe('The app or agent, as writer or agents/assistant'),
  usage: usageSchema,
  cost: costSchema,
  timeToFirstTokenMs: z.number().nullable(),
  spanCount: z.number().int(),
  rating: z.number().nullable(),
});
export type TraceSummary = z.infer<typeof traceSummarySchema>;

export const traceSchema = z.object({
  summary: traceSummarySchema,
  spans: z.array(spanSchema),
  scores: z.array(scoreSchema),
});
export type Trace = z.infer<typeof traceSchema>;

export const traceFilterSchema = z.object({
  model: z.string().optional(),
  status: z.enum(['running', 'ok', 'error', 'cancelled']).optional(),
  conversationId: z.string().optional(),
  userId: z.string().optional(),
  keyId: z.string().optional(),
  app: z.string().optional(),
  source: z.string().optional(),
  rating: z.coerce.number().optional(),
  text: z.string().optional().describe('Part of the name, of an id, or of the content'),
  from: z.coerce.number().optional().describe('Epoch milliseconds, included'),
  to: z.coerce.number().optional().describe('Epoch milliseconds, excluded'),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type TraceFilter = z.infer<typeof traceFilterSchema>;
