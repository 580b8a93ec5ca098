// A tool's schema as a grammar can hold it: structure, types and choices. Ranges, patterns and lengths go; the tool's
// own schema checks them afterwards, and the model reads what was wrong.
import type { JSONSchema7 } from '@ai-sdk/provider';

type Schema = Record<string, unknown>;

const MAX_DEPTH = 12;

export function simplifySchema(schema: Schema): JSONSchema7 {
  return simplify(schema, schema, 0) as JSONSchema7;
}

function simplify(value: unknown, root: Schema, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return true;
  const schema = value as Schema;
  if (typeof schema.$ref === 'string') return simplify(lookUp(root, schema.$ref), root, depth + 1);
  if (schema.const !== undefined) return { const: schema.const };
  if (Array.isArray(schema.enum)) return { enum: schema.enum };
  const down = (part: unknown) => simplify(part, root, depth + 1);
  const kept: Schema = {};
  if (schema.type !== undefined) kept.type = schema.type;
  for (const key of ['anyOf', 'oneOf', 'allOf'] as const)
    if (Array.isArray(schema[key])) kept[key] = schema[key].map(down);
  if (typeof schema.properties === 'object' && schema.properties !== null)
    kept.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, down(property)]),
    );
  if (Array.isArray(schema.required)) kept.required = schema.required;
  if (schema.items !== undefined) kept.items = Array.isArray(schema.items) ? true : down(schema.items);
  if (typeof schema.additionalProperties === 'object')
    kept.additionalProperties = down(schema.additionalProperties);
  return Object.keys(kept).length === 0 ? true : kept;
}

function lookUp(root: Schema, pointer: string): unknown {
  let at: unknown = root;
  for (const step of pointer.replace(/^#\/?/, '').split('/').filter(Boolean))
    at = (at as Schema | undefined)?.[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')];
  return at;
}
