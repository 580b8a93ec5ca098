// The Response: every key that clients look for is on every one, null where there is nothing to say.
import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { OpenAiError } from '../errors.ts';
import { sumUsage } from '../response.ts';
import type { Item, ResponseRequest } from './schema.ts';

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

export interface ResponseUsage {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
}

export interface ResponseObject {
  id: string;
  object: 'response';
  created_at: number;
  completed_at: number | null;
  status: ResponseStatus;
  error: { code: string; message: string } | null;
  incomplete_details: { reason: string } | null;
  model: string;
  previous_response_id: string | null;
  instructions: ResponseRequest['instructions'];
  output: Item[];
  usage: ResponseUsage | null;
  [other: string]: unknown;
}

/** As it was asked, and what holds where nothing was. */
export function newResponse(
  request: ResponseRequest,
  { id, model, createdAt, status }: { id: string; model: string; createdAt: number; status: ResponseStatus },
): ResponseObject {
  return {
    id,
    object: 'response',
    created_at: Math.floor(createdAt / 1000),
    completed_at: null,
    status,
    background: request.background ?? false,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request.max_tool_calls ?? null,
    model,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    prompt: request.prompt ?? null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: request.reasoning?.summary ?? null },
    safety_identifier: request.safety_identifier ?? null,
    service_tier: 'default',
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: {
      format: textFormat(request.text?.format),
      verbosity: request.text?.verbosity ?? 'medium',
    },
    tool_choice: request.tool_choice ?? 'auto',
    tools: (request.tools ?? []).map(toTool),
    top_logprobs: request.top_logprobs ?? 0,
    top_p: request.top_p ?? 1,
    presence_penalty: request.presence_penalty ?? 0,
    frequency_penalty: request.frequency_penalty ?? 0,
    truncation: 'disabled',
    usage: null,
    user: request.user ?? null,
    metadata: request.metadata ?? {},
  };
}

type Format = NonNullable<ResponseRequest['text']>['format'];

function textFormat(format: Format): object {
  if (format?.type !== 'json_schema') return format ?? { type: 'text' };
  const { type, name, description, schema, strict } = format;
  return { type, description: description ?? null, name: name ?? 'answer', schema, strict: strict ?? false };
}

/** A function has every key too. */
function toTool(tool: Item): Item {
  if (tool.type !== 'function') return tool;
  return { description: null, parameters: null, strict: true, ...tool };
}

/** Null when the model told nothing: never a made-up zero. */
export function toResponseUsage(usage: LanguageModelV4Usage): ResponseUsage | null {
  const sum = sumUsage([usage]);
  if (sum === null) return null;
  return {
    input_tokens: sum.prompt_tokens,
    input_tokens_details: { cached_tokens: sum.prompt_tokens_details.cached_tokens },
    output_tokens: sum.completion_tokens,
    output_tokens_details: { reasoning_tokens: sum.completion_tokens_details.reasoning_tokens },
    total_tokens: sum.total_tokens,
  };
}

/** A failure within a Response has a code that its clients know; whatever is not the caller's fault is the server's. */
export function responseError({ error }: OpenAiError): { code: string; message: string } {
  return { code: error.type === 'server_error' ? 'server_error' : error.code, message: error.message };
}
