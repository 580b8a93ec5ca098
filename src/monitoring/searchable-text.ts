// What the text search of the trace list finds of a span: what the call brought in, and what came back.
// Earlier turns of a conversation are found in the traces of those turns, so that the index grows with the conversation
// and not with its square.

/** Characters of a span's input, and of its output, that are indexed. */
const INDEXED_CHARACTERS = 65_536;

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (value !== null && typeof value === 'object') {
    const { text, content, name, value: inner } = value as Record<string, unknown>;
    for (const part of [name, text, content, inner]) if (part !== undefined) collect(part, into);
  }
}

/** The messages after the last answer; everything when the input is no list of messages. */
function newPart(input: unknown): unknown {
  if (!Array.isArray(input)) return input;
  const last = input.findLastIndex(
    (message) =>
      message !== null && typeof message === 'object' && (message as { role?: unknown }).role === 'assistant',
  );
  return input.slice(last + 1);
}

export function searchableText(input: unknown, output: unknown): string {
  const sides = [newPart(input), output].map((side) => {
    const texts: string[] = [];
    collect(side, texts);
    return texts.join('\n').slice(0, INDEXED_CHARACTERS);
  });
  return sides.join('\n');
}
