// Reads a request into what is needed to answer it: the model, the call, the items to keep.
import type { LanguageModelV4CallOptions, LanguageModelV4Message } from '@ai-sdk/provider';
import type { Identity } from '../../../../contracts/identity.ts';
import type { AtelierOptions, Parameters } from '../../../../contracts/model.ts';
import type { PromptMessage, ResolvedPrompt } from '../../../../contracts/prompt.ts';
import type { StoredResponses } from '../../../../store/stored-responses.ts';
import type { ApiServices } from '../../../services.ts';
import { invalid, present, toProviderOptions } from '../request.ts';
import { toStoredItems } from './input.ts';
import { chainItems, findItem } from './kept.ts';
import type { ResponseRequest, StoredItem } from './schema.ts';
import { toPrompt } from './to-prompt.ts';
import { type ReadTools, readTools } from './tools.ts';

export interface PrepareServices {
  responses: StoredResponses;
  prompts: Pick<ApiServices['prompts'], 'resolve'>;
}

export interface Prepared {
  model: string;
  options: LanguageModelV4CallOptions;
  /** Of this request; what it goes on from has rows of its own. */
  inputItems: StoredItem[];
  wire: ReadTools['wire'];
  notes: string[];
  /** The prompt of the house that was named, for the trace. */
  kept: Pick<ResolvedPrompt, 'name' | 'version'> | null;
}

type NamedPrompt = NonNullable<ResponseRequest['prompt']>;

function variablesOf(variables: NamedPrompt['variables']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables ?? {}).map(([name, value]) => {
      const text =
        typeof value === 'object' && value !== null && 'type' in value && value.type === 'input_text'
          ? (value as { text?: unknown }).text
          : value;
      if (typeof text !== 'string')
        throw invalid(
          `prompt.variables.${name}`,
          'a variable is a text; images and files go into the input.',
        );
      return [name, text];
    }),
  );
}

const resolvePrompt = (prompts: PrepareServices['prompts'], who: Identity, prompt: NamedPrompt) => {
  const { id, version } = prompt;
  const choice = !version ? {} : /^\d+$/.test(version) ? { version: Number(version) } : { label: version };
  return prompts.resolve(who, id, choice, variablesOf(prompt.variables));
};

const toMessage = ({ role, text }: PromptMessage): LanguageModelV4Message =>
  role === 'system' ? { role, content: text } : { role, content: [{ type: 'text', text }] };

/** What a kept prompt sets, under what the request says itself. */
function settings(request: ResponseRequest, kept: Parameters): Partial<LanguageModelV4CallOptions> {
  const { minP, repeatPenalty, ...parameters } = kept;
  const include = request.include ?? [];
  const logprobs = include.includes('message.output_text.logprobs') || (request.top_logprobs ?? 0) > 0;
  const atelier: AtelierOptions = {
    ...present({ minP, repeatPenalty }),
    ...(logprobs ? { logprobs, topLogprobs: request.top_logprobs ?? 0 } : {}),
  };
  return {
    ...present(parameters),
    ...present({
      maxOutputTokens: request.max_output_tokens,
      temperature: request.temperature,
      topP: request.top_p,
      presencePenalty: request.presence_penalty,
      frequencyPenalty: request.frequency_penalty,
      reasoning: request.reasoning?.effort,
    }),
    ...toProviderOptions(atelier, request.parallel_tool_calls),
  };
}

function responseFormat(text: ResponseRequest['text']): Pick<LanguageModelV4CallOptions, 'responseFormat'> {
  const format = text?.format;
  if (!format || format.type === 'text') return {};
  if (format.type === 'json_object') return { responseFormat: { type: 'json' } };
  const { name, description, schema } = format;
  return { responseFormat: { type: 'json', schema: schema as object, ...present({ name, description }) } };
}

function refuse(request: ResponseRequest): void {
  if (request.conversation !== undefined && request.conversation !== null)
    throw invalid('conversation', 'conversations are not kept on this wire. Use previous_response_id.');
  if (request.background && request.store === false)
    throw invalid(
      'background',
      'what is written in the background is read from the store; leave out store: false.',
    );
}

/** @throws AtelierError invalid_request, not_found (the prompt), unsupported_content */
export async function prepare(
  { responses, prompts }: PrepareServices,
  identity: Identity,
  request: ResponseRequest,
  id: string,
): Promise<Prepared> {
  refuse(request);
  const kept: ResolvedPrompt | null = request.prompt
    ? await resolvePrompt(prompts, identity, request.prompt)
    : null;
  const model = request.model ?? kept?.model;
  if (!model) throw invalid('model', kept === null ? 'expected string' : 'the prompt names none; send one.');

  const earlier = request.previous_response_id
    ? await chainItems(responses, identity.userId, request.previous_response_id)
    : [];
  const inputItems = await toStoredItems(
    request.input,
    id,
    async (item) => earlier.find((one) => one.id === item) ?? findItem(responses, identity.userId, item),
  );
  const tools = readTools(request);
  const asked = toPrompt([...earlier, ...inputItems], tools.exposed, (place) =>
    place < earlier.length ? `previous[${place}]` : `input[${place - earlier.length}]`,
  );
  const { instructions } = request;
  const instructed: { prompt: LanguageModelV4Message[]; notes: string[] } =
    typeof instructions === 'string'
      ? { prompt: [{ role: 'system', content: instructions }], notes: [] }
      : toPrompt(
          await toStoredItems(instructions, id, async () => null),
          tools.exposed,
          (place) => `instructions[${place}]`,
        );
  const prompt = [...instructed.prompt, ...(kept?.messages ?? []).map(toMessage), ...asked.prompt];
  if (prompt.length === 0) throw invalid('input', 'there is nothing to answer; send a text or items.');
  const notes = [...tools.notes, ...asked.notes, ...instructed.notes];
  if (request.truncation === 'auto')
    notes.push('truncation: nothing is cut here; a prompt that does not fit is refused.');
  return {
    model,
    inputItems,
    wire: tools.wire,
    notes,
    kept: kept && { name: kept.name, version: kept.version },
    options: {
      prompt,
      ...settings(request, kept?.parameters ?? {}),
      ...(tools.tools ? { tools: tools.tools } : {}),
      ...(tools.toolChoice ? { toolChoice: tools.toolChoice } : {}),
      ...responseFormat(request.text),
    },
  };
}
