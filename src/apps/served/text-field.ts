// The field of an object that is its text: the first one that is a plain string.

type JsonSchema = Record<string, unknown>;

const isRecord = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function textField(schema: JsonSchema | null): string | null {
  const properties = schema?.properties;
  if (!isRecord(properties)) return null;
  const found = Object.entries(properties).find(
    ([, field]) => isRecord(field) && field.type === 'string' && !('enum' in field) && !('const' in field),
  );
  return found?.[0] ?? null;
}

/** A text where an object is wanted: the JSON in it, or the object whose text it is. */
export function fitInput(schema: JsonSchema | null, input: unknown): unknown {
  if (typeof input !== 'string' || !isRecord(schema) || schema.type !== 'object') return input;
  if (/^\s*\{/.test(input)) {
    try {
      const parsed: unknown = JSON.parse(input);
      if (isRecord(parsed)) return parsed;
    } catch {
      // A text that begins with a brace.
    }
  }
  const field = textField(schema);
  return field === null ? input : { [field]: input };
}
