// From a chat or a prompt on Ollama's wire to the contract's call options.
import type { JSONSchema7, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import type { AtelierOptions } from '../../../contracts/model.ts';
import { imageParts, toPrompt } from './prompt.ts';
import type { ChatRequest, Common, GenerateRequest, Options } from './schema.ts';

type CallOptions = LanguageModelV4CallOptions;

/** A copy without the fields that are absent, as exact optional types want it. */
function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}

function sampling(options: Options): Partial<CallOptions> {
  const { stop, num_predict: most } = options;
  const stops = (typeof stop === 'string' ? [stop] : (stop ?? [])).filter((text) => text !== '');
  return present({
    maxOutputTokens: most && most > 0 ? most : null,
    temperature: options.temperature,
    topK: options.top_k,
    topP: options.top_p,
    presencePenalty: options.presence_penalty,
    frequencyPenalty: options.frequency_penalty,
    seed: options.seed,
    stopSequences: stops.length > 0 ? stops : null,
  });
}

function reasoning(think: Common['think']): Pick<CallOptions, 'reasoning'> {
  if (think === null || think === undefined) return {};
  if (think === false) return { reasoning: 'none' };
  return { reasoning: think === true ? 'medium' : think };
}

function responseFormat(format: Common['format']): Pick<CallOptions, 'responseFormat'> {
  if (!format) return {};
  if (format === 'json') return { responseFormat: { type: 'json' } };
  return { responseFormat: { type: 'json', schema: format as JSONSchema7 } };
}

function commonOptions(request: Common, more: AtelierOptions = {}): Partial<CallOptions> {
  const options = request.options ?? {};
  const atelier: AtelierOptions = {
    ...more,
    ...present({
      minP: options.min_p,
      repeatPenalty: options.repeat_penalty,
      logprobs: request.logprobs || null,
      topLogprobs: request.logprobs ? request.top_logprobs : null,
    }),
  };
  return {
    ...sampling(options),
    ...reasoning(request.think),
    ...responseFormat(request.format),
    ...(Object.keys(atelier).length > 0
      ? { providerOptions: { atelier: atelier as Record<string, never> } }
      : {}),
  };
}

/** @throws AtelierError invalid_request */
export function chatOptions(request: ChatRequest): CallOptions {
  const tools = (request.tools ?? []).map(({ function: { name, description, parameters } }) => ({
    type: 'function' as const,
    name,
    inputSchema: (parameters ?? { type: 'object', properties: {} }) as JSONSchema7,
    ...(description ? { description } : {}),
  }));
  return {
    prompt: toPrompt(request.messages ?? []),
    ...commonOptions(request),
    ...(tools.length > 0 ? { tools, toolChoice: { type: 'auto' } } : {}),
  };
}

/** @throws AtelierError invalid_request: filling in the middle needs tokens that only few models have */
export function generateOptions(request: GenerateRequest): CallOptions {
  if (request.suffix) {
    throw new AtelierError(
      'invalid_request',
      'suffix: filling in between a prompt and a suffix is not offered here; leave the field out.',
      { data: { param: 'suffix' } },
    );
  }
  const text = { type: 'text' as const, text: request.prompt ?? '' };
  return {
    prompt: [
      ...(request.system && !request.raw ? [{ role: 'system' as const, content: request.system }] : []),
      { role: 'user', content: [text, ...imageParts(request.images)] },
    ],
    ...commonOptions(request, request.raw ? { rawPrompt: true } : {}),
  };
}

/** What was asked for and has no effect, in words for a header. */
export function notesOf(request: Partial<Pick<GenerateRequest, 'template' | 'context'>>): string[] {
  return [
    ...(request.template ? ['template was ignored: a model is asked in its own template.'] : []),
    ...(request.context?.length
      ? ['context was ignored: send the conversation as messages to /api/chat.']
      : []),
  ];
}
