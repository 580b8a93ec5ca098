// The part of JSON Schema that tools and apps use, checked in the page so that a person sees a fault while writing.
// The server checks again and has the last word; keywords that are not known here never refuse anything.
export type JsonSchema = Record<string, unknown>;

export type SchemaRule =
  | 'required'
  | 'type'
  | 'enum'
  | 'unknown'
  | 'least'
  | 'most'
  | 'shortest'
  | 'longest'
  | 'pattern'
  | 'fewest'
  | 'most_items'
  | 'any';

export interface SchemaFault {
  /** `files[2].path`; empty for the value itself. */
  path: string;
  rule: SchemaRule;
  /** What would be right: a type, a limit, the allowed values. */
  expected: string;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Follows `$ref` within the document, and an `allOf` of one. */
export function resolveSchema(schema: unknown, root: JsonSchema): JsonSchema {
  let at = isObject(schema) ? schema : {};
  for (let hops = 0; hops < 16; hops++) {
    const only = list(at.allOf);
    if (typeof at.$ref === 'string' && at.$ref.startsWith('#')) {
      let target: unknown = root;
      for (const step of at.$ref.slice(1).split('/').filter(Boolean))
        target = isObject(target) ? target[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
      at = isObject(target) ? target : {};
    } else if (only.length === 1 && isObject(only[0]) && at.type === undefined)
      at = { ...at, allOf: undefined, ...only[0] };
    else return at;
  }
  return at;
}

export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const fits = (type: string, value: unknown): boolean => {
  const found = typeOf(value);
  return found === type || (type === 'number' && found === 'integer');
};

/** Every fault of a value, in the order of the schema. An empty list: nothing is known to be wrong. */
export function checkSchema(value: unknown, schema: unknown, root?: JsonSchema, path = ''): SchemaFault[] {
  const top = root ?? (isObject(schema) ? schema : {});
  const rules = resolveSchema(schema, top);
  const fault = (rule: SchemaRule, expected: unknown): SchemaFault => ({
    path,
    rule,
    expected: typeof expected === 'string' ? expected : JSON.stringify(expected),
  });

  const branches = [...list(rules.anyOf), ...list(rules.oneOf)];
  if (branches.length > 0) {
    const tried = branches.map((branch) => checkSchema(value, branch, top, path));
    if (!tried.some((faults) => faults.length === 0)) {
      // The branch whose faults lie deepest is the one that was meant.
      const meant = tried
        .filter((faults) => faults.every((one) => one.path !== path || one.rule !== 'type'))
        .sort((a, b) => a.length - b.length)[0];
      return meant ?? [fault('any', branches.map((branch) => nameOf(branch, top)).join(' | '))];
    }
  }
  const types = (Array.isArray(rules.type) ? rules.type : rules.type ? [rules.type] : []).map(String);
  if (types.length > 0 && !types.some((type) => fits(type, value))) return [fault('type', types.join(' | '))];
  if (Array.isArray(rules.enum) && !rules.enum.some((one) => one === value))
    return [fault('enum', rules.enum.map(String).join(', '))];
  if ('const' in rules && rules.const !== value) return [fault('enum', String(rules.const))];

  if (typeof value === 'string') {
    if (typeof rules.minLength === 'number' && value.length < rules.minLength)
      return [fault('shortest', rules.minLength)];
    if (typeof rules.maxLength === 'number' && value.length > rules.maxLength)
      return [fault('longest', rules.maxLength)];
    if (typeof rules.pattern === 'string' && !matches(rules.pattern, value))
      return [fault('pattern', rules.pattern)];
  }
  if (typeof value === 'number') {
    if (typeof rules.minimum === 'number' && value < rules.minimum) return [fault('least', rules.minimum)];
    if (typeof rules.maximum === 'number' && value > rules.maximum) return [fault('most', rules.maximum)];
  }
  if (Array.isArray(value)) {
    if (typeof rules.minItems === 'number' && value.length < rules.minItems)
      return [fault('fewest', rules.minItems)];
    if (typeof rules.maxItems === 'number' && value.length > rules.maxItems)
      return [fault('most_items', rules.maxItems)];
    return rules.items === undefined
      ? []
      : value.flatMap((one, index) => checkSchema(one, rules.items, top, `${path}[${index}]`));
  }
  return isObject(value) ? checkObject(value, rules, top, path) : [];
}

function checkObject(
  value: Record<string, unknown>,
  rules: JsonSchema,
  root: JsonSchema,
  path: string,
): SchemaFault[] {
  const properties = isObject(rules.properties) ? rules.properties : {};
  const below = (name: string) => (path === '' ? name : `${path}.${name}`);
  const faults: SchemaFault[] = list(rules.required)
    .map(String)
    .filter((name) => value[name] === undefined)
    .map((name) => ({ path: below(name), rule: 'required', expected: nameOf(properties[name], root) }));
  for (const [name, one] of Object.entries(value)) {
    if (one === undefined) continue;
    if (name in properties) faults.push(...checkSchema(one, properties[name], root, below(name)));
    else if (rules.additionalProperties === false)
      faults.push({ path: below(name), rule: 'unknown', expected: Object.keys(properties).join(', ') });
    else if (isObject(rules.additionalProperties))
      faults.push(...checkSchema(one, rules.additionalProperties, root, below(name)));
  }
  return faults;
}

/** A pattern that this browser cannot read refuses nothing. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}

function nameOf(schema: unknown, root: JsonSchema): string {
  const rules = resolveSchema(schema, root);
  if (Array.isArray(rules.enum)) return rules.enum.map(String).join(' | ');
  if ('const' in rules) return String(rules.const);
  return Array.isArray(rules.type) ? rules.type.join(' | ') : String(rules.type ?? 'value');
}

/** The smallest value that has every required field, to start writing from. */
export function blankOf(schema: unknown, root?: JsonSchema): unknown {
  const top = root ?? (isObject(schema) ? schema : {});
  const rules = resolveSchema(schema, top);
  if ('default' in rules) return structuredClone(rules.default);
  if ('const' in rules) return rules.const;
  if (Array.isArray(rules.enum)) return rules.enum[0];
  const type = Array.isArray(rules.type) ? rules.type[0] : rules.type;
  if (type === 'object' || isObject(rules.properties)) {
    const properties = isObject(rules.properties) ? rules.properties : {};
    const required = list(rules.required).map(String);
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([name, one]) => required.includes(name) || 'default' in resolveSchema(one, top))
        .map(([name, one]) => [name, blankOf(one, top)]),
    );
  }
  if (type === 'array') return [];
  if (type === 'boolean') return false;
  if (type === 'number' || type === 'integer') return typeof rules.minimum === 'number' ? rules.minimum : 0;
  if (type === 'null') return null;
  if (type === 'string') return '';
  const first = [...list(rules.anyOf), ...list(rules.oneOf)][0];
  return first === undefined ? '' : blankOf(first, top);
}
