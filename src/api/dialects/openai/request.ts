// From a chat request to the contract's call options. What the options lack goes into `providerOptions.atelier`.
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4TextPart,
} from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import type { AtelierOptions } from '../../../contracts/model.ts';
import type { ChatMessage, ChatRequest } from './schema.ts';

export function invalid(param: string, message: string, data: Record<string, unknown> = {}): AtelierError {
  return new AtelierError('invalid_request', `${param}: ${message}`, { data: { param, ...data } });
}

/** A copy without the fields that are absent, as exact optional types want it. */
export function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}

const textOf = (content: string | { text: string }[]): string =>
  typeof content === 'string' ? content : content.map((part) => part.text).join('');

export function imagePart(url: string, param: string): LanguageModelV4FilePart {
  const data = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  if (data?.[1] !== undefined && data[2] !== undefined)
    return { type: 'file', mediaType: data[1], data: { type: 'data', data: data[2] } };
  if (!/^https?:/i.test(url) || !URL.canParse(url))
    throw invalid(param, 'an image is a data: address in base64 or an http(s): address.');
  return { type: 'file', mediaType: 'image/*', data: { type: 'url', url: new URL(url) } };
}

export function parsedArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What a model wrote badly is shown to it again as it was.
    return text;
  }
}

function toMessage(
  message: ChatMessage,
  index: number,
  toolNames: Map<string, string>,
): LanguageModelV4Message {
  const at = `messages[${index}]`;
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: textOf(message.content) };
    case 'user': {
      if (typeof message.content === 'string')
        return { role: 'user', content: [{ type: 'text', text: message.content }] };
      const content = message.content.map((part, place): LanguageModelV4TextPart | LanguageModelV4FilePart =>
        part.type === 'text'
          ? { type: 'text', text: part.text }
          : imagePart(part.image_url.url, `${at}.content[${place}].image_url.url`),
      );
      return { role: 'user', content };
    }
    case 'assistant': {
      const parts =
        typeof message.content === 'string'
          ? [{ type: 'text' as const, text: message.content }]
          : (message.content ?? []);
      const texts = parts.map((part) => ({
        type: 'text' as const,
        text: part.type === 'text' ? part.text : part.refusal,
      }));
      const calls = (message.tool_calls ?? []).map((call) => {
        toolNames.set(call.id, call.function.name);
        return {
          type: 'tool-call' as const,
          toolCallId: call.id,
          toolName: call.function.name,
          input: parsedArguments(call.function.arguments),
        };
      });
      const reasoning = message.reasoning_content
        ? [{ type: 'reasoning' as const, text: message.reasoning_content }]
        : [];
      return {
        role: 'assistant',
        content: [...reasoning, ...texts.filter((part) => part.text !== ''), ...calls],
      };
    }
    case 'tool': {
      const toolName = toolNames.get(message.tool_call_id);
      if (toolName === undefined) {
        throw invalid(
          `${at}.tool_call_id`,
          `no assistant message before it has a tool call ${JSON.stringify(message.tool_call_id)}.`,
        );
      }
      return {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: message.tool_call_id,
            toolName,
            output: { type: 'text', value: textOf(message.content) },
          },
        ],
      };
    }
  }
}

type Tools = Pick<LanguageModelV4CallOptions, 'tools' | 'toolChoice'>;

function toTools({ tools, tool_choice: choice }: ChatRequest): Tools {
  if (!tools || tools.length === 0) {
    if (choice && choice !== 'none' && choice !== 'auto')
      throw invalid('tool_choice', 'there are no tools to choose from.');
    return {};
  }
  let offered = tools;
  let toolChoice: NonNullable<Tools['toolChoice']> = { type: 'auto' };
  const known = (name: string) => tools.some((tool) => tool.function.name === name);
  if (typeof choice === 'string') toolChoice = { type: choice };
  else if (choice?.type === 'function') {
    if (!known(choice.function.name))
      throw invalid('tool_choice.function.name', `no tool is named ${JSON.stringify(choice.function.name)}.`);
    toolChoice = { type: 'tool', toolName: choice.function.name };
  } else if (choice?.type === 'allowed_tools') {
    const allowed = new Set(choice.allowed_tools.tools.map((tool) => tool.function.name));
    offered = tools.filter((tool) => allowed.has(tool.function.name));
    toolChoice = { type: choice.allowed_tools.mode };
  }
  return {
    toolChoice,
    tools: offered.map(({ function: { name, description, parameters, strict } }) => ({
      type: 'function' as const,
      name,
      inputSchema: (parameters ?? { type: 'object', properties: {} }) as { type: 'object' },
      ...present({ description, strict }),
    })),
  };
}

function toResponseFormat(
  format: ChatRequest['response_format'],
): Pick<LanguageModelV4CallOptions, 'responseFormat'> {
  if (!format || format.type === 'text') return {};
  if (format.type === 'json_object') return { responseFormat: { type: 'json' } };
  const { name, description, schema } = format.json_schema;
  return {
    responseFormat: {
      type: 'json',
      ...present({ name, description, schema: schema as { type: 'object' } | null | undefined }),
    },
  };
}

/** What the contract has no place for: ours, and whether several tools may be called at once, for who knows that. */
export function toProviderOptions(
  atelier: AtelierOptions,
  parallelToolCalls: boolean | null | undefined,
): Pick<LanguageModelV4CallOptions, 'providerOptions'> {
  const providerOptions = {
    ...(Object.keys(atelier).length > 0 ? { atelier: atelier as Record<string, never> } : {}),
    ...(parallelToolCalls === false ? { openai: { parallelToolCalls } } : {}),
  };
  return Object.keys(providerOptions).length > 0 ? { providerOptions } : {};
}

/** @throws AtelierError invalid_request whose `data.param` names the field */
export function toCallOptions(request: ChatRequest): LanguageModelV4CallOptions {
  if (request.top_logprobs && !request.logprobs) throw invalid('top_logprobs', 'it needs logprobs: true.');
  const toolNames = new Map<string, string>();
  const stop = typeof request.stop === 'string' ? [request.stop] : request.stop;
  const atelier: AtelierOptions = present({
    minP: request.min_p,
    repeatPenalty: request.repeat_penalty ?? request.repetition_penalty,
    logitBias: request.logit_bias,
    logprobs: request.logprobs,
    topLogprobs: request.top_logprobs,
  });
  return {
    prompt: request.messages.map((message, index) => toMessage(message, index, toolNames)),
    ...present({
      maxOutputTokens: request.max_completion_tokens ?? request.max_tokens,
      temperature: request.temperature,
      topP: request.top_p,
      topK: request.top_k === -1 ? 0 : request.top_k,
      presencePenalty: request.presence_penalty,
      frequencyPenalty: request.frequency_penalty,
      seed: request.seed,
      stopSequences: stop?.filter((text) => text !== ''),
      reasoning: request.reasoning_effort,
    }),
    ...toTools(request),
    ...toResponseFormat(request.response_format),
    ...toProviderOptions(atelier, request.parallel_tool_calls),
  };
}
