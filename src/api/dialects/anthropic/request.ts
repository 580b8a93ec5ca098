// From a request for a message to the contract's call options, with a note for everything that was left out.
import type { JSONSchema7, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import { toPrompt } from './prompt.ts';
import type { MessageRequest, PromptRequest, Tool } from './schema.ts';

export interface ReadRequest {
  options: LanguageModelV4CallOptions;
  notes: string[];
}

type Tools = Pick<LanguageModelV4CallOptions, 'tools' | 'toolChoice'>;

function invalid(param: string, message: string): AtelierError {
  return new AtelierError('invalid_request', `${param}: ${message}`, { data: { param } });
}

/** A tool with a schema is the client's own; the others are run by Anthropic, or their schemas are known only there. */
const isFunction = (tool: Tool): tool is Tool & { name: string; input_schema: Record<string, unknown> } =>
  tool.name !== undefined && tool.input_schema !== undefined;

function toTools(request: PromptRequest, note: (text: string) => void): Tools {
  const asked = request.tools ?? [];
  for (const [index, tool] of asked.entries()) {
    if (isFunction(tool)) continue;
    if (!tool.type || tool.type === 'custom')
      throw invalid(`tools[${index}]`, 'a tool has a name and an input_schema.');
    note(`The tool ${tool.name ?? tool.type} (${tool.type}) is run by Anthropic and was left out.`);
  }
  const tools = asked.filter(isFunction).map((tool) => ({
    type: 'function' as const,
    name: tool.name,
    inputSchema: tool.input_schema as JSONSchema7,
    ...(tool.description ? { description: tool.description } : {}),
    ...(typeof tool.strict === 'boolean' ? { strict: tool.strict } : {}),
  }));
  const choice = request.tool_choice ?? { type: 'auto' };
  if (choice.type === 'tool' && !tools.some(({ name }) => name === choice.name))
    throw invalid('tool_choice.name', `no tool is named ${JSON.stringify(choice.name)}.`);
  if (tools.length === 0) {
    if (choice.type === 'any') throw invalid('tool_choice', 'there are no tools to choose from.');
    return {};
  }
  switch (choice.type) {
    case 'any':
      return { tools, toolChoice: { type: 'required' } };
    case 'tool':
      return { tools, toolChoice: { type: 'tool', toolName: choice.name } };
    default:
      return { tools, toolChoice: { type: choice.type } };
  }
}

/** Tokens of thinking up to which a budget counts as the effort. */
const budgets = [
  [2048, 'low'],
  [16_384, 'medium'],
] as const;

/** How hard the model may think. Nothing said: the model's own habit. */
function toReasoning({
  thinking,
  output_config: config,
}: PromptRequest): LanguageModelV4CallOptions['reasoning'] {
  if (thinking?.type === 'disabled') return 'none';
  if (config?.effort) return config.effort;
  if (thinking?.type !== 'enabled') return undefined;
  return budgets.find(([most]) => thinking.budget_tokens <= most)?.[1] ?? 'high';
}

/** At most one call of a tool was asked for. */
export function wantsOneTool({ tool_choice: choice }: PromptRequest): boolean {
  return (
    choice !== undefined &&
    choice !== null &&
    choice.type !== 'none' &&
    choice.disable_parallel_tool_use === true
  );
}

/** @throws AtelierError invalid_request whose `data.param` names the field */
export function toPromptOptions(request: PromptRequest): ReadRequest {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const reasoning = toReasoning(request);
  const format = request.output_config?.format ?? request.output_format;
  const one = wantsOneTool(request);
  return {
    notes,
    options: {
      prompt: toPrompt(request.system, request.messages, note),
      ...toTools(request, note),
      ...(reasoning === undefined ? {} : { reasoning }),
      ...(format ? { responseFormat: { type: 'json' as const, schema: format.schema as JSONSchema7 } } : {}),
      // The contract has no word for it; these are what the providers call it.
      ...(one
        ? {
            providerOptions: {
              anthropic: { disableParallelToolUse: true },
              openai: { parallelToolCalls: false },
            },
          }
        : {}),
    },
  };
}

/** @throws AtelierError invalid_request whose `data.param` names the field */
export function toCallOptions(request: MessageRequest): ReadRequest {
  const { options, notes } = toPromptOptions(request);
  const stops = (request.stop_sequences ?? []).filter((text) => text !== '');
  return {
    notes,
    options: {
      ...options,
      maxOutputTokens: request.max_tokens,
      ...(typeof request.temperature === 'number' ? { temperature: request.temperature } : {}),
      ...(typeof request.top_p === 'number' ? { topP: request.top_p } : {}),
      ...(typeof request.top_k === 'number' ? { topK: request.top_k } : {}),
      ...(stops.length > 0 ? { stopSequences: stops } : {}),
    },
  };
}
