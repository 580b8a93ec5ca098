// Recorded prompts and answers as messages that a person can read. What has no known form is kept as JSON.

export type ReadPart =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'file'; name: string; text: string | null }
  | { type: 'tool-call'; name: string; text: string }
  | { type: 'tool-result'; name: string; text: string }
  | { type: 'other'; text: string };

export interface ReadMessage {
  role: string;
  parts: ReadPart[];
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const json = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

function readPart(part: unknown): ReadPart {
  if (typeof part === 'string') return { type: 'text', text: part };
  if (!isFields(part)) return { type: 'other', text: json(part) };
  const name = String(part.toolName ?? part.filename ?? part.name ?? '');
  if (part.type === 'text' && typeof part.text === 'string') return { type: 'text', text: part.text };
  if (part.type === 'reasoning' && typeof part.text === 'string')
    return { type: 'reasoning', text: part.text };
  if (part.type === 'file')
    return {
      type: 'file',
      name: name || String(part.mediaType ?? 'file'),
      text: typeof part.text === 'string' ? part.text : null,
    };
  if (part.type === 'tool-call')
    return { type: 'tool-call', name, text: json(part.input ?? part.args ?? {}) };
  if (part.type === 'tool-result')
    return { type: 'tool-result', name, text: json(part.output ?? part.result ?? null) };
  return { type: 'other', text: json(part) };
}

const partsOf = (content: unknown): ReadPart[] =>
  (Array.isArray(content) ? content : content === null || content === undefined ? [] : [content]).map(
    readPart,
  );

/** `input`: a list of messages, or anything. */
export function readInput(input: unknown): ReadMessage[] {
  if (input === null || input === undefined) return [];
  if (!Array.isArray(input)) return [{ role: 'user', parts: partsOf(input) }];
  return input.map((message) =>
    isFields(message) && typeof message.role === 'string'
      ? { role: message.role, parts: partsOf(message.content) }
      : { role: 'user', parts: [readPart(message)] },
  );
}

/** `output`: the parts of one answer, a text, or anything. */
export function readOutput(output: unknown): ReadMessage[] {
  if (output === null || output === undefined) return [];
  if (isFields(output) && typeof output.role === 'string') return readInput([output]);
  const parts = partsOf(output);
  return parts.length === 0 ? [] : [{ role: 'assistant', parts }];
}
