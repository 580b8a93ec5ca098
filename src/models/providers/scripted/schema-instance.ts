// The smallest value that a JSON schema allows, as far as its common keywords say: what a scripted model answers to a
// schema or puts into a forced tool call. `pattern` is not solved; such a string stays as short as its length allows.
import type { JSONSchema7, JSONSchema7Definition } from '@ai-sdk/provider';

const formats: Record<string, string> = {
  'date-time': '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  time: '00:00:00Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '127.0.0.1',
};

function lookUp(root: JSONSchema7, pointer: string): JSONSchema7Definition {
  let at: unknown = root;
  for (const step of pointer.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    at = (at as Record<string, unknown> | undefined)?.[key];
  }
  return (at as JSONSchema7Definition | undefined) ?? true;
}

function numberFor(schema: JSONSchema7, integer: boolean): number {
  const least = Math.max(
    schema.minimum ?? Number.NEGATIVE_INFINITY,
    (schema.exclusiveMinimum ?? Number.NEGATIVE_INFINITY) + (integer ? 1 : 1e-6),
  );
  const most = Math.min(
    schema.maximum ?? Number.POSITIVE_INFINITY,
    (schema.exclusiveMaximum ?? Number.POSITIVE_INFINITY) - (integer ? 1 : 1e-6),
  );
  const value = Math.min(Math.max(0, least), most);
  const step = schema.multipleOf ?? (integer ? 1 : 0);
  return step > 0 ? Math.ceil(value / step) * step : value;
}

/** `allOf` folded into the schema that holds it. */
function merged(schema: JSONSchema7, root: JSONSchema7): JSONSchema7 {
  const { allOf = [], ...own } = schema;
  const sum: JSONSchema7 = own;
  for (const part of allOf as JSONSchema7Definition[]) {
    if (typeof part === 'boolean') continue;
    const full = part.$ref === undefined ? part : (lookUp(root, part.$ref) as JSONSchema7);
    const properties = { ...sum.properties, ...full.properties };
    const required = [...(sum.required ?? []), ...(full.required ?? [])];
    Object.assign(sum, full, { properties, required });
  }
  return sum;
}

export function instanceOf(definition: JSONSchema7Definition, root?: JSONSchema7, depth = 0): unknown {
  if (typeof definition === 'boolean' || depth > 32) return null;
  const schema = definition;
  const top = root ?? schema;
  if (schema.$ref !== undefined) return instanceOf(lookUp(top, schema.$ref), top, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum && schema.enum.length > 0) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.allOf && schema.allOf.length > 0) return instanceOf(merged(schema, top), top, depth + 1);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices?.[0] !== undefined) return instanceOf(choices[0], top, depth + 1);

  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object' || (type === undefined && schema.properties)) {
    const required = schema.required ?? [];
    return Object.fromEntries(
      [...new Set(required)].map((name) => [
        name,
        instanceOf(schema.properties?.[name] ?? true, top, depth + 1),
      ]),
    );
  }
  if (type === 'array' || (type === undefined && schema.items)) {
    const items = Array.isArray(schema.items) ? schema.items : undefined;
    return Array.from({ length: schema.minItems ?? 0 }, (_, i) =>
      instanceOf(
        items ? (items[i] ?? true) : ((schema.items as JSONSchema7Definition | undefined) ?? true),
        top,
        depth + 1,
      ),
    );
  }
  if (type === 'string') {
    const text = formats[schema.format ?? ''] ?? '';
    return text.padEnd(schema.minLength ?? 0, 'a');
  }
  if (type === 'integer' || type === 'number') return numberFor(schema, type === 'integer');
  if (type === 'boolean') return false;
  return null;
}
