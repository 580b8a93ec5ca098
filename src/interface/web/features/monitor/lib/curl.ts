// A recorded call as a curl command for the OpenAI wire, to be pasted into a POSIX shell.
import { attribute, type Span } from '../../../../../contracts/span.ts';
import { readInput } from './read-messages.ts';

/** Recorded attribute to the field of the wire. */
const fields: readonly (readonly [string, string])[] = [
  [attribute.temperature, 'temperature'],
  [attribute.topP, 'top_p'],
  [attribute.topK, 'top_k'],
  [attribute.minP, 'min_p'],
  [attribute.repeatPenalty, 'repeat_penalty'],
  [attribute.maxTokens, 'max_tokens'],
  [attribute.seed, 'seed'],
  [attribute.stop, 'stop'],
  [attribute.presencePenalty, 'presence_penalty'],
  [attribute.frequencyPenalty, 'frequency_penalty'],
];

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Whether the span is a call that can be repeated: it has messages. */
export function canCurl(span: Span): boolean {
  return Array.isArray(span.input) && readInput(span.input).length > 0;
}

export function curlOf(span: Span, origin: string): string {
  const messages = readInput(span.input).map(({ role, parts }) => ({
    role,
    content: parts
      .filter((part) => part.type !== 'reasoning')
      .map((part) => (part.type === 'file' ? (part.text ?? `[${part.name}]`) : part.text))
      .join('\n'),
  }));
  const body: Record<string, unknown> = {
    model: span.attributes[attribute.requestModel] ?? span.model ?? 'default',
    messages,
  };
  for (const [from, to] of fields) {
    const value = span.attributes[from];
    if (value !== undefined && value !== null) body[to] = value;
  }
  return [
    `curl ${origin}/v1/chat/completions \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d ${quoted(JSON.stringify(body, null, 2))}`,
  ].join('\n');
}
