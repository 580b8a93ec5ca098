// The form of an app out of its JSON Schema: which control each field gets, and the value that the form comes to.
import {
  checkSchema,
  isObject,
  type JsonSchema,
  resolveSchema,
  type SchemaFault,
} from '../../../lib/json-schema.ts';

export type FieldKind =
  | 'text'
  | 'line'
  | 'choice'
  | 'number'
  | 'switch'
  | 'lines'
  | 'marks'
  | 'rows'
  | 'group'
  | 'json';

export interface FormField {
  name: string;
  kind: FieldKind;
  schema: JsonSchema;
  required: boolean;
  /** Of a choice. */
  values: string[];
  /** Of rows and groups. */
  fields: FormField[];
  description: string;
  title: string | null;
}

/** A text longer than this gets several lines. */
const LINE = 120;

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function kindOf(schema: JsonSchema, root: JsonSchema): FieldKind {
  if (Array.isArray(schema.enum) && schema.enum.every((one) => typeof one === 'string')) return 'choice';
  switch (schema.type) {
    case 'string':
      return typeof schema.maxLength === 'number' && schema.maxLength <= LINE ? 'line' : 'text';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'switch';
    case 'array': {
      const items = resolveSchema(schema.items, root);
      if (Array.isArray(items.enum)) return 'marks';
      if (items.type === 'string') return 'lines';
      const flat = fieldsOf(items, root);
      return flat.length > 0 && flat.every((one) => !['rows', 'group', 'json'].includes(one.kind))
        ? 'rows'
        : 'json';
    }
    case 'object':
      return isObject(schema.properties) ? 'group' : 'json';
    default:
      return 'json';
  }
}

/** A union with null or of one is what it is without it. */
function plain(schema: unknown, root: JsonSchema): JsonSchema {
  const resolved = resolveSchema(schema, root);
  const branches = (Array.isArray(resolved.anyOf) ? resolved.anyOf : [])
    .map((one) => resolveSchema(one, root))
    .filter((one) => one.type !== 'null');
  return branches.length === 1 && branches[0] ? { ...resolved, anyOf: undefined, ...branches[0] } : resolved;
}

export function fieldsOf(schema: unknown, root?: JsonSchema): FormField[] {
  const top = root ?? (isObject(schema) ? schema : {});
  const rules = resolveSchema(schema, top);
  const required = strings(rules.required);
  return Object.entries(isObject(rules.properties) ? rules.properties : {}).map(([name, one]) => {
    const own = plain(one, top);
    const kind = kindOf(own, top);
    const items = resolveSchema(own.items, top);
    return {
      name,
      kind,
      schema: own,
      required: required.includes(name) && !('default' in own),
      values: kind === 'choice' ? strings(own.enum) : kind === 'marks' ? strings(items.enum) : [],
      fields: kind === 'rows' ? fieldsOf(items, top) : kind === 'group' ? fieldsOf(own, top) : [],
      description: typeof own.description === 'string' ? own.description : '',
      title: typeof own.title === 'string' ? own.title : null,
    };
  });
}

/** Fields with a default that a built-in app is of no use without. */
const atFront: Record<string, readonly string[]> = {
  coder: ['request', 'code', 'tests'],
  extract: ['fields', 'labels'],
  writer: ['words'],
};

/** Fields that everybody needs first; the rest stands behind "more". */
export function isPlain(field: FormField, app = ''): boolean {
  return (
    field.required ||
    field.kind === 'choice' ||
    field.kind === 'switch' ||
    (atFront[app]?.includes(field.name) ?? false)
  );
}

export type FormValue = Record<string, unknown>;

export function startOf(fields: readonly FormField[]): FormValue {
  return Object.fromEntries(
    fields
      .filter((field) => 'default' in field.schema || field.kind === 'group' || field.required)
      .map((field) => [
        field.name,
        'default' in field.schema
          ? structuredClone(field.schema.default)
          : field.kind === 'group'
            ? startOf(field.fields)
            : field.kind === 'switch'
              ? false
              : ['lines', 'marks', 'rows'].includes(field.kind)
                ? []
                : field.kind === 'choice'
                  ? field.values[0]
                  : undefined,
      ])
      .filter(([, value]) => value !== undefined),
  );
}

/** Without what was left empty: an empty optional text is absent, not empty. */
export function cleaned(value: FormValue, fields: readonly FormField[]): FormValue {
  const out: FormValue = {};
  for (const field of fields) {
    const one = value[field.name];
    if (one === undefined || (one === '' && !('default' in field.schema))) continue;
    if (field.kind === 'rows' && Array.isArray(one))
      out[field.name] = one
        .filter(isObject)
        .map((row) => cleaned(row, field.fields))
        .filter((row) => Object.keys(row).length > 0);
    else if (field.kind === 'group' && isObject(one)) out[field.name] = cleaned(one, field.fields);
    else out[field.name] = one;
  }
  return out;
}

/** Faults of the form, each with the top field that it belongs to. */
export function faultsOf(value: FormValue, schema: JsonSchema): { field: string; fault: SchemaFault }[] {
  return checkSchema(value, schema).map((fault) => ({ field: /^[^.[]*/.exec(fault.path)?.[0] ?? '', fault }));
}
