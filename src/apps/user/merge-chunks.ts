// What a LangChain Runnable streams, put together as LangChain does it: texts and lists are joined, objects field by field.

/** The text of a LangChain message or chunk; null for anything else. */
export function messageText(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('content' in value)) return null;
  if (!('lc_namespace' in value) && !('getType' in value)) return null;
  const { content } = value;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  return content
    .map((part: unknown) =>
      typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
        ? part.text
        : '',
    )
    .join('');
}

/** Messages become their text, also within lists and fields. */
export function plain(value: unknown): unknown {
  const text = messageText(value);
  if (text !== null) return text;
  if (Array.isArray(value)) return value.map(plain);
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  return value;
}

export function mergeChunks(a: unknown, b: unknown): unknown {
  if (a === undefined || a === null) return b;
  if (b === undefined || b === null) return a;
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (isRecord(a) && isRecord(b)) {
    const merged = { ...a };
    for (const [key, value] of Object.entries(b)) merged[key] = mergeChunks(merged[key], value);
    return merged;
  }
  return b;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}
