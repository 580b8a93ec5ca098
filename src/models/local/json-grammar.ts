// A JSON schema as a grammar (GBNF, llama.cpp's), under which a model can write nothing but JSON of that shape.
// What the grammar cannot express is left out and named, so that the caller can warn and check the result afterwards.
import type { JSONSchema7 } from '@ai-sdk/provider';
import { AtelierError } from '../../contracts/errors.ts';

export interface JsonGrammar {
  grammar: string;
  /** Paths of keywords that the grammar does not enforce, such as `#/properties/age/minimum`. */
  unsupported: string[];
}

/** Draft 7 and the parts of 2020-12 that schema libraries write. */
export type Schema = boolean | (JSONSchema7 & { prefixItems?: Schema[]; $defs?: Record<string, Schema> });

const primitives: Readonly<Record<string, string>> = {
  ws: '| " " | "\\n" [ \\t]{0,20}',
  char: '[^"\\\\\\x7F\\x00-\\x1F] | [\\\\] (["\\\\bfnrt] | "u" [0-9a-fA-F]{4})',
  string: '"\\"" char* "\\""',
  // Fifteen digits: every such integer is safe.
  natural: '[0] | [1-9] [0-9]{0,14}',
  integer: '"-"? natural',
  positive: 'natural ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?',
  number: '"-"? positive',
  boolean: '"true" | "false"',
  null: '"null"',
  object: '"{" ws (string ws ":" ws value (ws "," ws string ws ":" ws value)*)? ws "}"',
  array: '"[" ws (value (ws "," ws value)*)? ws "]"',
  value: 'object | array | string | number | boolean | null',
};

const formats: Readonly<Record<string, string>> = {
  date: '[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [1-2] [0-9] | "3" [0-1])',
  time: '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{3})? ("Z" | [+-] [0-2] [0-9] ":" [0-5] [0-9])',
  uuid: '[0-9a-fA-F]{8} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{12}',
};

const notExpressed = [
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'uniqueItems',
  'contains',
  'not',
  'if',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
  'minProperties',
  'maxProperties',
] as const;

/** llama.cpp refuses grammars that count very far. */
const MOST_REPEATS = 500;

/** Any JSON value: an object or an array, as "JSON mode" means it. */
export const anyJsonGrammar: string = rules(new Map([['root', 'object | array']]));

export function schemaGrammar(schema: Schema): JsonGrammar {
  return alternativesGrammar([schema]);
}

/** JSON of any one of several shapes. */
export function alternativesGrammar(schemas: readonly Schema[]): JsonGrammar {
  const written = new Map<string, string>([['root', '']]);
  const unsupported = new Set<string>();
  const choices = schemas.map((schema, i) => {
    const writer = new Writer(schema, written, unsupported, `s${i}`);
    return writer.write(schema, '#');
  });
  written.set('root', choices.join(' | '));
  return { grammar: rules(written), unsupported: [...unsupported] };
}

/** One of these texts and nothing else. */
export function choicesGrammar(choices: readonly string[]): string {
  return `root ::= ${choices.map(literal).join(' | ')}\n`;
}

function rules(written: ReadonlyMap<string, string>): string {
  const all = [...written, ...Object.entries(primitives)];
  return `${all.map(([name, body]) => `${name} ::= ${body}`).join('\n')}\n`;
}

/** Text as a GBNF literal. */
function literal(text: string): string {
  const escaped = text
    .replace(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

class Writer {
  readonly #root: Schema;
  readonly #rules: Map<string, string>;
  readonly #unsupported: Set<string>;
  readonly #prefix: string;
  readonly #byPointer = new Map<string, string>();
  #next = 0;

  constructor(root: Schema, written: Map<string, string>, unsupported: Set<string>, prefix: string) {
    this.#root = root;
    this.#rules = written;
    this.#unsupported = unsupported;
    this.#prefix = prefix;
  }

  /** An expression that matches the schema: a rule's name or a group in brackets. */
  write(schema: Schema, path: string): string {
    if (schema === true) return 'value';
    if (schema === false) throw invalid(path, 'nothing can match the schema "false"');
    if (schema.$ref !== undefined) return this.#reference(schema.$ref);
    for (const keyword of notExpressed) {
      const value = schema[keyword as keyof typeof schema];
      if (value !== undefined && !holdsAnyway(keyword, value)) this.#unsupported.add(`${path}/${keyword}`);
    }
    if (schema.const !== undefined) return literal(JSON.stringify(schema.const));
    if (schema.enum !== undefined)
      return this.#choice(schema.enum.map((value: unknown) => literal(JSON.stringify(value))));
    if (schema.allOf !== undefined)
      return this.write(this.#merge(schema, schema.allOf as Schema[], path), path);
    const branches = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
    if (branches !== undefined) {
      const keyword = schema.anyOf === undefined ? 'oneOf' : 'anyOf';
      const { anyOf, oneOf, ...rest } = schema;
      const shared = rest.properties !== undefined || rest.required !== undefined;
      return this.#choice(
        branches.map((branch, i) => {
          const at = `${path}/${keyword}/${i}`;
          return this.write(shared ? this.#merge(rest, [branch], at) : branch, at);
        }),
      );
    }
    const types = schema.type === undefined ? guessTypes(schema) : [schema.type].flat();
    return this.#choice(types.map((type) => this.#typed(type, schema, path)));
  }

  #typed(type: string, schema: Exclude<Schema, boolean>, path: string): string {
    switch (type) {
      case 'object':
        return this.#object(schema, path);
      case 'array':
        return this.#array(schema, path);
      case 'string':
        return this.#string(schema, path);
      case 'integer':
        return schema.minimum === 0 ? 'natural' : 'integer';
      case 'number':
        return schema.minimum === 0 ? 'positive' : 'number';
      case 'boolean':
      case 'null':
        return type;
      case 'any':
        return 'value';
      default:
        throw invalid(path, `there is no type "${type}"`);
    }
  }

  #object(schema: Exclude<Schema, boolean>, path: string): string {
    const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
    const required = new Set<string>(schema.required ?? []);
    const extra = (schema.additionalProperties ?? false) as Schema;
    if (properties.length === 0 && required.size === 0) {
      if (schema.additionalProperties === undefined || extra === true) return 'object';
    }
    for (const name of required) {
      if (!properties.some(([key]) => key === name)) properties.push([name, true]);
    }
    const more =
      extra === false ? null : `string ws ":" ws ${this.write(extra, `${path}/additionalProperties`)}`;
    // Two rules a property: one for when nothing was written before it, one for when a comma is due.
    let first = more === null ? '' : `(${more} (ws "," ws ${more})*)?`;
    let following = more === null ? '' : `(ws "," ws ${more})*`;
    for (const [name, property] of properties.reverse()) {
      const value = this.write(property, `${path}/properties/${name}`);
      const pair = `${literal(JSON.stringify(name))} ws ":" ws ${value}`;
      const rest = following === '' ? '' : this.#rule(following);
      if (required.has(name)) {
        first = `${pair} ${rest}`;
        following = `ws "," ws ${pair} ${rest}`;
      } else {
        first = `${pair} ${rest} | ${first === '' ? '""' : this.#rule(first)}`;
        following = `(ws "," ws ${pair})? ${rest}`;
      }
    }
    return this.#rule(`"{" ws ${first === '' ? '' : this.#rule(first)} ws "}"`);
  }

  #array(schema: Exclude<Schema, boolean>, path: string): string {
    const tuple = (schema.prefixItems ?? (Array.isArray(schema.items) ? schema.items : [])) as Schema[];
    const items = (
      Array.isArray(schema.items) ? (schema.additionalItems ?? true) : (schema.items ?? true)
    ) as Schema;
    const least = schema.minItems ?? 0;
    const most = schema.maxItems ?? null;
    if (tuple.length > 0) {
      const fixed = tuple.map((item, i) => this.write(item, `${path}/prefixItems/${i}`));
      const rest = items === false ? '' : `(ws "," ws ${this.write(items, `${path}/items`)})*`;
      if (least > tuple.length) this.#unsupported.add(`${path}/minItems`);
      if (most !== null && items !== false) this.#unsupported.add(`${path}/maxItems`);
      return this.#rule(`"[" ws ${fixed.join(' ws "," ws ')} ${rest} ws "]"`);
    }
    if (items === false || most === 0) return this.#rule('"[" ws "]"');
    const item = this.write(items, `${path}/items`);
    if (least > MOST_REPEATS) this.#unsupported.add(`${path}/minItems`);
    if (most !== null && most > MOST_REPEATS) this.#unsupported.add(`${path}/maxItems`);
    const from = Math.max(0, Math.min(least, MOST_REPEATS) - 1);
    const to = most === null || most > MOST_REPEATS ? '' : String(Math.max(0, most - 1));
    const list = `${item} (ws "," ws ${item}){${from},${to}}`;
    return this.#rule(`"[" ws ${least > 0 ? list : `(${list})?`} ws "]"`);
  }

  #string(schema: Exclude<Schema, boolean>, path: string): string {
    if (schema.format !== undefined) {
      const format =
        schema.format === 'date-time'
          ? `${formats.date} "T" ${formats.time}`
          : (formats[schema.format] ?? null);
      if (format !== null) return this.#rule(`"\\"" ${format} "\\""`);
      this.#unsupported.add(`${path}/format`);
    }
    const least = schema.minLength ?? 0;
    const most = schema.maxLength ?? null;
    if (least === 0 && most === null) return 'string';
    if (least > MOST_REPEATS) this.#unsupported.add(`${path}/minLength`);
    if (most !== null && most > MOST_REPEATS) this.#unsupported.add(`${path}/maxLength`);
    const to = most === null || most > MOST_REPEATS ? '' : String(most);
    return this.#rule(`"\\"" char{${Math.min(least, MOST_REPEATS)},${to}} "\\""`);
  }

  #reference(pointer: string): string {
    const known = this.#byPointer.get(pointer);
    if (known !== undefined) return known;
    if (!pointer.startsWith('#')) throw invalid(pointer, 'only references within the schema can be followed');
    let target: unknown = this.#root;
    for (const step of pointer.slice(1).split('/').slice(1)) {
      const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
      target = (target as Record<string, unknown> | undefined)?.[key];
    }
    if (target === undefined || target === null) throw invalid(pointer, 'the reference leads nowhere');
    // Named before it is written, so that a schema may refer to itself.
    const name = this.#name();
    this.#byPointer.set(pointer, name);
    this.#rules.set(name, '');
    this.#rules.set(name, this.write(target as Schema, pointer));
    return name;
  }

  /** One schema out of several that all hold. Only what concerns objects can be joined. */
  #merge(base: Exclude<Schema, boolean>, parts: Schema[], path: string): Schema {
    const { allOf: _allOf, ...own } = base;
    let merged: Exclude<Schema, boolean> = own;
    for (const part of parts) {
      const resolved = typeof part === 'object' && part.$ref !== undefined ? this.#resolve(part.$ref) : part;
      if (typeof resolved === 'boolean') continue;
      for (const key of Object.keys(resolved)) {
        if (key in merged && !['properties', 'required', 'type', 'description', 'title'].includes(key)) {
          this.#unsupported.add(`${path}/allOf`);
        }
      }
      merged = {
        ...merged,
        ...resolved,
        ...(merged.properties === undefined && resolved.properties === undefined
          ? {}
          : { properties: { ...merged.properties, ...resolved.properties } }),
        ...(merged.required === undefined && resolved.required === undefined
          ? {}
          : { required: [...(merged.required ?? []), ...(resolved.required ?? [])] }),
      };
    }
    return merged;
  }

  #resolve(pointer: string): Schema {
    let target: unknown = this.#root;
    for (const step of pointer.slice(1).split('/').slice(1))
      target = (target as Record<string, unknown> | undefined)?.[step];
    if (target === undefined) throw invalid(pointer, 'the reference leads nowhere');
    return target as Schema;
  }

  #choice(expressions: readonly string[]): string {
    if (expressions.length === 1 && expressions[0] !== undefined) return expressions[0];
    return this.#rule(expressions.join(' | '));
  }

  #rule(body: string): string {
    const name = this.#name();
    this.#rules.set(name, body);
    return name;
  }

  #name(): string {
    return `${this.#prefix}-r${this.#next++}`;
  }
}

/** Bounds that the rules for numbers keep by themselves: zero, and the safe integers that schema libraries write. */
function holdsAnyway(keyword: string, value: unknown): boolean {
  if (keyword === 'minimum') return value === 0 || Number(value) <= Number.MIN_SAFE_INTEGER;
  return keyword === 'maximum' && Number(value) >= Number.MAX_SAFE_INTEGER;
}

function guessTypes(schema: Exclude<Schema, boolean>): string[] {
  if (
    schema.properties !== undefined ||
    schema.required !== undefined ||
    schema.additionalProperties !== undefined
  )
    return ['object'];
  if (schema.items !== undefined || schema.prefixItems !== undefined) return ['array'];
  if (schema.minLength !== undefined || schema.maxLength !== undefined || schema.format !== undefined)
    return ['string'];
  return ['any'];
}

function invalid(path: string, reason: string): AtelierError {
  return new AtelierError('invalid_request', `The JSON schema cannot be used: at ${path}, ${reason}.`, {
    data: { path, reason },
  });
}
