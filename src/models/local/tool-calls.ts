// Recognises calls of tools in what a model wrote: in the tags of its own template, or, since small models often leave
// those out, in text that is nothing but a call of a known tool, bare or in a code fence.

export interface FoundCall {
  name: string;
  /** JSON text of the arguments. */
  input: string;
}

/** Tags between which templates want a call; an end of null is the end of the answer. */
export const callTags: readonly { open: string; close: string | null }[] = [
  { open: '<tool_call>', close: '</tool_call>' },
  { open: '[TOOL_CALLS]', close: null },
  { open: '<|python_tag|>', close: null },
];

/** The calls in a text that is exactly one call or a list of calls; null when it is anything else. */
export function parseCalls(text: string, tools: ReadonlySet<string>): FoundCall[] | null {
  const body = unfenced(text.trim());
  if (!body.startsWith('{') && !body.startsWith('[')) return null;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null; // not JSON, so not a call
  }
  const list = Array.isArray(value) ? value : [value];
  const calls = list.map((entry) => asCall(entry, tools));
  return calls.length > 0 && calls.every((call) => call !== null) ? calls : null;
}

function asCall(value: unknown, tools: ReadonlySet<string>): FoundCall | null {
  if (typeof value !== 'object' || value === null) return null;
  const wrapped = (value as Record<string, unknown>).function;
  const call = (typeof wrapped === 'object' && wrapped !== null ? wrapped : value) as Record<string, unknown>;
  const name = call.name;
  if (typeof name !== 'string' || !tools.has(name)) return null;
  const given = call.arguments ?? call.parameters ?? call.input ?? {};
  if (typeof given === 'string') {
    try {
      return typeof JSON.parse(given) === 'object' ? { name, input: given } : null;
    } catch {
      return null; // arguments that are not JSON are no call
    }
  }
  return typeof given === 'object' && given !== null && !Array.isArray(given)
    ? { name, input: JSON.stringify(given) }
    : null;
}

function unfenced(text: string): string {
  return /^```[a-zA-Z_]*\s*\n?([\s\S]*?)\n?```$/.exec(text)?.[1]?.trim() ?? text;
}

/** Keys with which a call begins. */
const firstKeys = ['name', 'function', 'arguments', 'parameters', 'input', 'type', 'id'];

/** Whether text that begins like this may still turn out to be a bare call. */
export function mayBecomeCall(text: string): boolean {
  const begun = text.trimStart();
  if ('```'.startsWith(begun)) return true;
  const body = begun.replace(/^```[a-zA-Z_]*\s*/, '');
  if (body === '') return true;
  const key = /^(?:\[\s*)?\{\s*(?:$|"([^"]*)("?))/.exec(body);
  if (key === null) return /^\[\s*$/.test(body);
  const [, name = '', closed = ''] = key;
  return firstKeys.some((first) => (closed === '' ? first.startsWith(name) : first === name));
}
