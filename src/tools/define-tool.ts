// A tool as one object: name, words for the model, schema, declared effect, and the function behind it.
import type { z } from 'zod';
import { AtelierError } from '../contracts/errors.ts';
import {
  type ApprovalPredicate,
  type ApprovalRule,
  type ToolContext,
  type ToolDefinition,
  type ToolEffect,
  toolEffects,
  toolNameSchema,
} from '../contracts/tool.ts';
import { toToolSchema } from './tool-schema.ts';

export const DEFAULT_TIMEOUT_MS = 60_000;
export const DEFAULT_MAX_OUTPUT_CHARACTERS = 16_000;

export interface ToolOptions<Schema, Input> {
  name: string;
  /** For people. Default: the name in words. */
  title?: string;
  /** For the model: what it does, when to use it. */
  description: string;
  inputSchema: Schema;
  outputSchema?: unknown;
  /** What it does to the world; without approval rules of its own, only `read` runs unasked. */
  effect: ToolEffect;
  approval?: ApprovalRule | ApprovalPredicate<Input>;
  predicates?: Readonly<Record<string, ApprovalPredicate<Input>>>;
  /** See ToolDefinition. Default: true for `read`, otherwise false. */
  repeatable?: boolean;
  timeoutMs?: number;
  maxOutputCharacters?: number;
  execute(input: Input, context: ToolContext): unknown;
}

const brand = Symbol.for('atelier.tool');

/** The name under which a function given as `approval` is kept. */
const OWN_PREDICATE = 'own';

/**
 * @throws AtelierError invalid_request for a name, effect, limit or schema that cannot work
 * @example
 * defineTool({
 *   name: 'dice', description: 'Throws a die.', effect: 'read',
 *   inputSchema: z.object({ sides: z.number().int().min(2) }),
 *   execute: ({ sides }) => 1 + Math.floor(Math.random() * sides),
 * });
 */
export function defineTool<Schema extends z.ZodType>(
  options: ToolOptions<Schema, z.output<Schema>>,
): ToolDefinition {
  return buildTool(options);
}

/** `defineTool` for schemas that are not zod's: the AI SDK's, or a ToolSchema that is ready. */
export function buildTool<Input>(options: ToolOptions<unknown, Input>): ToolDefinition {
  const { name, description, effect, execute, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { maxOutputCharacters = DEFAULT_MAX_OUTPUT_CHARACTERS, outputSchema } = options;
  const refuse = (what: string) => {
    throw new AtelierError('invalid_request', `The tool ${JSON.stringify(name)} ${what}.`, {
      data: { name },
    });
  };
  const named = toolNameSchema.safeParse(name);
  if (!named.success) refuse(`has a name that ${named.error.issues[0]?.message ?? 'is wrong'}`);
  if (typeof description !== 'string' || description.trim() === '')
    refuse('has no description for the model');
  if (!toolEffects.includes(effect)) refuse(`must declare its effect: ${toolEffects.join(', ')}`);
  if (typeof execute !== 'function') refuse('has no execute function');
  if (!(timeoutMs > 0)) refuse('has a time limit that is not above 0');
  if (!(maxOutputCharacters >= 200)) refuse('has an output limit below 200 characters');
  const { approval = effect === 'read' ? 'never' : 'always' } = options;
  // From here on the input is what the schema lets pass, so the type may be forgotten.
  const own = typeof approval === 'function' ? { [OWN_PREDICATE]: approval } : {};
  const tool: ToolDefinition = {
    name,
    title: options.title ?? name.replaceAll(/[_-]+/g, ' ').replace(/^./, (first) => first.toUpperCase()),
    description,
    inputSchema: toToolSchema(options.inputSchema),
    outputSchema: outputSchema === undefined ? null : toToolSchema(outputSchema),
    effect,
    approval: typeof approval === 'function' ? OWN_PREDICATE : approval,
    predicates: { ...options.predicates, ...own } as ToolDefinition['predicates'],
    repeatable: options.repeatable ?? effect === 'read',
    timeoutMs,
    maxOutputCharacters,
    execute: execute as ToolDefinition['execute'],
  };
  return Object.freeze(Object.defineProperty(tool, brand, { value: true }));
}

/** True for a tool of any copy of this module: a user's file may have loaded another one. */
export function isToolDefinition(value: unknown): value is ToolDefinition {
  return typeof value === 'object' && value !== null && brand in value;
}
