// One face for every kind of schema that a tool may come with: zod, the AI SDK's, or bare JSON Schema (MCP).
import { z } from 'zod';
import { AtelierError } from '../contracts/errors.ts';
import type { InputFault, ToolSchema } from '../contracts/tool.ts';

/** Any object that validates as https://standardschema.dev says. */
interface StandardSchema {
  '~standard': {
    validate(value: unknown): unknown;
    jsonSchema?: { input(options: { target: string }): Record<string, unknown> };
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isStandard = (value: unknown): value is StandardSchema =>
  (isObject(value) || typeof value === 'function') && '~standard' in value;

/** `items[0].name`, as a person would write it. */
function pathText(path: readonly unknown[]): string {
  return path.reduce<string>((text, part) => {
    const key = isObject(part) && 'key' in part ? part.key : part;
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function faultsOf(issues: unknown): InputFault[] {
  if (!Array.isArray(issues)) return [{ path: '', message: String(issues) }];
  return issues.map((issue: { message?: unknown; path?: unknown }) => ({
    path: Array.isArray(issue.path) ? pathText(issue.path) : '',
    message: String(issue.message ?? 'is wrong'),
  }));
}

/** @throws AtelierError invalid_request when `schema` is of no known kind */
export function toToolSchema(schema: unknown): ToolSchema {
  if (isStandard(schema)) return fromStandard(schema);
  const lazy = typeof schema === 'function' ? (schema as () => unknown)() : schema;
  if (isStandard(lazy)) return fromStandard(lazy);
  if (isObject(lazy) && isObject(lazy.jsonSchema))
    return fromSdk(lazy as { jsonSchema: Record<string, unknown> });
  throw new AtelierError(
    'invalid_request',
    'A tool’s schema must be a zod schema, another Standard Schema with JSON Schema, or the result of jsonSchema() of the AI SDK.',
  );
}

function fromStandard(schema: StandardSchema): ToolSchema {
  const standard = schema['~standard'];
  const jsonSchema =
    '_zod' in schema
      ? z.toJSONSchema(schema as unknown as z.ZodType, { io: 'input', unrepresentable: 'any' })
      : standard.jsonSchema?.input({ target: 'draft-2020-12' });
  if (jsonSchema === undefined)
    throw new AtelierError('invalid_request', 'This kind of schema cannot say its JSON Schema; use zod.');
  const { $schema: _, ...rest } = jsonSchema as Record<string, unknown>;
  return {
    jsonSchema: rest,
    async validate(value) {
      const checked = (await standard.validate(value)) as { value: unknown } | { issues: unknown };
      return 'issues' in checked && checked.issues
        ? { faults: faultsOf(checked.issues) }
        : (checked as { value: unknown });
    },
  };
}

/** The AI SDK's `Schema`: JSON Schema with an optional check. */
function fromSdk(schema: { jsonSchema: Record<string, unknown>; validate?: unknown }): ToolSchema {
  const { validate } = schema;
  if (typeof validate !== 'function') return fromJsonSchema(schema.jsonSchema);
  return {
    jsonSchema: schema.jsonSchema,
    async validate(value) {
      const checked = (await validate(value)) as { success: boolean; value: unknown; error?: Error };
      if (checked.success) return { value: checked.value };
      const cause = checked.error?.cause as { issues?: unknown } | undefined;
      return { faults: faultsOf(cause?.issues ?? [{ message: checked.error?.message ?? 'is wrong' }]) };
    },
  };
}

type Check = ((value: unknown) => boolean) & {
  errors?: { instancePath: string; message?: string; params?: Record<string, unknown> }[] | null;
};

/**
 * Bare JSON Schema (drafts 07 and 2020-12), checked by ajv, which is loaded at the first check.
 * A schema that ajv cannot read checks nothing: the far side checks its own input.
 */
export function fromJsonSchema(jsonSchema: Record<string, unknown>): ToolSchema {
  let check: Promise<Check | null> | undefined;
  return {
    jsonSchema,
    async validate(value) {
      check ??= compile(jsonSchema);
      const passes = await check;
      if (passes === null || passes(value)) return { value };
      return {
        faults: (passes.errors ?? []).map(({ instancePath, message, params }) => ({
          path: pathText(
            instancePath
              .split('/')
              .slice(1)
              .map((part) =>
                /^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~'),
              ),
          ),
          message: `${message ?? 'is wrong'}${params?.additionalProperty ? ` (${String(params.additionalProperty)})` : ''}`,
        })),
      };
    },
  };
}

async function compile(jsonSchema: Record<string, unknown>): Promise<Check | null> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, logger: false });
  const { $schema: _, $id: __, ...rest } = jsonSchema;
  try {
    return ajv.compile(rest) as Check;
  } catch {
    // Said in the comment of fromJsonSchema: no schema, no check.
    return null;
  }
}
