// A recorded call as the playground's messages and settings.
import type { Parameters } from '../../../../../contracts/model.ts';
import type { PromptMessage } from '../../../../../contracts/prompt.ts';
import { attribute, type Span } from '../../../../../contracts/span.ts';

const fields: readonly (readonly [string, keyof Parameters])[] = [
  [attribute.temperature, 'temperature'],
  [attribute.topP, 'topP'],
  [attribute.topK, 'topK'],
  [attribute.minP, 'minP'],
  [attribute.repeatPenalty, 'repeatPenalty'],
  [attribute.maxTokens, 'maxOutputTokens'],
  [attribute.seed, 'seed'],
  [attribute.stop, 'stopSequences'],
  [attribute.presencePenalty, 'presencePenalty'],
  [attribute.frequencyPenalty, 'frequencyPenalty'],
];

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const json = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A part as text; reasoning is not sent again, and a file that is not text is only named. */
function partText(part: unknown): string {
  if (!isFields(part)) return json(part);
  if (part.type === 'reasoning') return '';
  if (typeof part.text === 'string') return part.text;
  if (part.type === 'tool-call') return `[${String(part.toolName)} ${json(part.input ?? {})}]`;
  if (part.type === 'tool-result') {
    const { output } = part;
    return json(isFields(output) && 'value' in output ? output.value : output);
  }
  if (part.type === 'file') return `[${String(part.filename ?? part.mediaType ?? 'file')}]`;
  return json(part);
}

function messageOf(message: unknown): PromptMessage[] {
  if (!isFields(message)) return [];
  const parts = Array.isArray(message.content) ? message.content : [message.content];
  const text = parts
    .map(partText)
    .filter((one) => one !== '')
    .join('\n');
  if (text === '') return [];
  const { role } = message;
  // What a tool answered is handed to the model as what the person says: here there are no tools to call.
  return [{ role: role === 'system' || role === 'assistant' ? role : 'user', text }];
}

export interface RecordedCall {
  model: string;
  messages: PromptMessage[];
  parameters: Parameters;
}

/** Null for a span that is no call of a model, or whose content was not kept. */
export function callOfSpan(span: Span): RecordedCall | null {
  const messages = Array.isArray(span.input) ? span.input.flatMap(messageOf) : [];
  if (messages.length === 0) return null;
  const parameters: Record<string, unknown> = {};
  for (const [from, to] of fields) {
    const value = span.attributes[from];
    if (value !== undefined && value !== null) parameters[to] = value;
  }
  const asked = span.attributes[attribute.requestModel];
  return {
    model: span.model ?? (typeof asked === 'string' ? asked : 'default'),
    messages,
    parameters: parameters as Parameters,
  };
}

/** The call of a trace: of the span that was pointed at, else of the first that is one. */
export function callOfTrace(spans: readonly Span[], spanId: string | undefined): RecordedCall | null {
  const pointed = spans.find((span) => span.spanId === spanId);
  for (const span of pointed ? [pointed, ...spans] : spans) {
    const call = span.kind === 'model' || span === pointed ? callOfSpan(span) : null;
    if (call !== null) return call;
  }
  return null;
}
