// What the ledger keeps of a body that passed through: its parameters, its messages without their bytes, what was answered.
import { attribute } from '../contracts/span.ts';
import type { RelaySummary } from './providers/relay/read-usage.ts';

type Body = Record<string, unknown>;

const parameters: Record<string, string> = {
  temperature: attribute.temperature,
  top_p: attribute.topP,
  top_k: attribute.topK,
  max_tokens: attribute.maxTokens,
  max_completion_tokens: attribute.maxTokens,
  max_output_tokens: attribute.maxTokens,
  seed: attribute.seed,
  presence_penalty: attribute.presencePenalty,
  frequency_penalty: attribute.frequencyPenalty,
};

export function wireParameters(body: Body): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name in parameters) {
    const value = body[name];
    if (typeof value === 'number') found[parameters[name] ?? name] = value;
  }
  const names = Array.isArray(body.tools) ? body.tools.map(toolName).filter(Boolean) : [];
  if (names.length > 0) found[attribute.tools] = names;
  return found;
}

function toolName(tool: unknown): unknown {
  const { name, function: fn } = (tool ?? {}) as { name?: unknown; function?: { name?: unknown } };
  return name ?? fn?.name;
}

/** Longer texts without a space are pictures and files in base64. */
const DATA_LENGTH = 2000;

function withoutBytes(value: unknown): unknown {
  if (typeof value === 'string') {
    const isData = value.length > DATA_LENGTH && !value.slice(64, DATA_LENGTH).includes(' ');
    return isData ? `[${value.length} characters omitted]` : value;
  }
  if (Array.isArray(value)) return value.map(withoutBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutBytes(one)]));
}

interface Message {
  role?: unknown;
  content?: unknown;
}

/** Only what is not plain text is looked into. */
const recordedMessage = (message: Message): unknown =>
  typeof message?.content === 'string' ? message : withoutBytes(message);

/** The messages as sent, the system text of the wires that have it apart first. */
export function recordedBody(body: Body): unknown {
  const system = body.system ?? body.instructions;
  const said = body.messages ?? body.input;
  const messages = Array.isArray(said) ? said.map(recordedMessage) : [{ role: 'user', content: said }];
  return system === undefined ? messages : [{ role: 'system', content: withoutBytes(system) }, ...messages];
}

/** As the parts of any other answer. */
export function outputOf({ text, reasoning, toolCalls }: RelaySummary): unknown {
  return [
    ...(reasoning === '' ? [] : [{ type: 'reasoning', text: reasoning }]),
    ...(text === '' ? [] : [{ type: 'text', text }]),
    ...toolCalls.map(({ id, name, arguments: input }) => ({
      type: 'tool-call',
      toolCallId: id,
      toolName: name,
      input,
    })),
  ];
}
