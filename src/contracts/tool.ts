// What a tool is to the rest of the program: what it may be asked, what it does to the world, and what comes back.
// Names that the AI SDK has (`toolCallId`, `toolName`, `input`, `inputSchema`, `execute`) are used as they stand there.
import { z } from 'zod';
import { errorBodySchema } from './errors.ts';
import type { Identity } from './identity.ts';
import { noticeSchema } from './notice.ts';

/** `read` changes nothing; `write` changes files or rows of ours; `danger` reaches further, or nobody knows. */
export const toolEffects = ['read', 'write', 'danger'] as const;
export type ToolEffect = (typeof toolEffects)[number];

/** Names that every provider's function calls accept. */
export const toolNameSchema = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/, 'must be 1 to 64 letters, digits, _ or -, and start with a letter');

export const approvalRuleSchema = z
  .string()
  .describe('never, always, or the name of a predicate over the input; an unknown name counts as always');
/** `never`, `always`, or the name of a predicate: a string, so that a row can hold it. */
export type ApprovalRule = z.infer<typeof approvalRuleSchema>;

export const toolSources = ['builtin', 'user', 'mcp', 'bound'] as const;
export type ToolSourceKind = (typeof toolSources)[number];

const jsonSchema = z.record(z.string(), z.unknown()).describe('JSON Schema');

/** A tool as lists and pages show it. */
export const toolInfoSchema = z.object({
  name: toolNameSchema,
  title: z.string(),
  description: z.string().describe('What the model reads'),
  source: z.enum(toolSources),
  origin: z.string().nullable().describe('The file of a user’s tool, the server of an MCP tool'),
  effect: z.enum(toolEffects),
  approval: approvalRuleSchema,
  rules: z.array(z.string()).describe('Predicates that it brings: rules beside never and always'),
  inputSchema: jsonSchema,
  outputSchema: jsonSchema.nullable(),
  enabled: z.boolean(),
});
export type ToolInfo = z.infer<typeof toolInfoSchema>;

/** Why something that should be a tool is none. */
export const toolFaultSchema = z.object({
  source: z.enum(toolSources),
  origin: z.string().describe('File, server, or source'),
  name: z.string().nullable(),
  error: errorBodySchema,
});
export type ToolFault = z.infer<typeof toolFaultSchema>;

export const toolCallSchema = z.object({
  toolCallId: z.string().min(1),
  toolName: z.string(),
  input: z.unknown().describe('As the model wrote it; checked before the tool sees it'),
});
export type ToolCall = z.infer<typeof toolCallSchema>;

export const toolContentSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('file'),
    mediaType: z.string(),
    data: z.string().describe('Base64'),
    filename: z.string().nullable(),
  }),
]);
export type ToolContent = z.infer<typeof toolContentSchema>;

export const toolResultSchema = z.object({
  content: z.array(toolContentSchema).describe('What the model reads'),
  isError: z.boolean(),
  data: z.unknown().describe('The same as a value, for pages and programs; null when there is none'),
  error: errorBodySchema.nullable(),
  notes: z
    .array(z.string())
    .describe('What was changed on the way, such as a cut; they also stand in the content'),
  notices: z.array(noticeSchema).optional().describe('The notes with codes, for a page in any language'),
});
export type ToolResult = z.infer<typeof toolResultSchema>;

/** What a tool says while it works. */
export const toolEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('tool-progress'),
    done: z.number(),
    total: z.number().nullable(),
    message: z.string().nullable(),
  }),
  z.object({
    type: z.literal('tool-output'),
    text: z.string().describe('What is known so far; replaces the last one'),
  }),
]);
export type ToolEvent = z.infer<typeof toolEventSchema>;

/** The part of the program's log that tools see. */
type LogLine = (
  message: string,
  fields?: Record<string, string | number | boolean | null | undefined>,
) => void;
export type ToolLog = Readonly<Record<'debug' | 'info' | 'warn' | 'error', LogLine>>;

export interface WorkspaceEntry {
  /** Relative to the folder of the run, with `/`. */
  path: string;
  kind: 'file' | 'folder';
  bytes: number;
  modifiedAt: number;
}

/**
 * The files of one run. Every path is relative and stays inside.
 * A change that names its `callId` happens once, also when it is repeated after a kill.
 * @throws AtelierError path_refused, not_found, workspace_full, storage_full, storage_failed
 */
export interface Workspace {
  list(path?: string): Promise<WorkspaceEntry[]>;
  read(path: string): Promise<Uint8Array>;
  write(path: string, content: string | Uint8Array, callId?: string): Promise<WorkspaceEntry>;
  append(path: string, content: string | Uint8Array, callId?: string): Promise<WorkspaceEntry>;
  delete(path: string, callId?: string): Promise<void>;
  /** Bytes that are used, and how many there may be. */
  usage(): Promise<{ bytes: number; maxBytes: number; files: number; maxFiles: number }>;
}

export interface ToolContext {
  /** Aborted when the run is cancelled or the tool's time is up. */
  signal: AbortSignal;
  identity: Identity;
  /** null outside a run. */
  workspace: Workspace | null;
  runId: string | null;
  toolCallId: string;
  conversationId: string | null;
  /** The span under which the tool's own calls belong; null: a trace of its own. */
  trace: { traceId: string; spanId: string } | null;
  log: ToolLog;
  emit(event: ToolEvent): void;
}

/** What is wrong with an input, in words that a model can act on. */
export interface InputFault {
  path: string;
  message: string;
}

/** A schema of any kind (zod, AI SDK, MCP) as tools need it. */
export interface ToolSchema {
  jsonSchema: Record<string, unknown>;
  validate(value: unknown): Promise<{ value: unknown } | { faults: InputFault[] }>;
}

export type ApprovalPredicate<Input = unknown> = (
  input: Input,
  context: Pick<ToolContext, 'identity' | 'workspace' | 'runId'>,
) => boolean | Promise<boolean>;

/** `execute` and the predicates see an input that `inputSchema` has passed, and may have changed (defaults, transforms). */
export interface ToolDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ToolSchema;
  readonly outputSchema: ToolSchema | null;
  readonly effect: ToolEffect;
  /** The default; a row of the person's may say otherwise. */
  readonly approval: ApprovalRule;
  /** Predicates that the tool brings, by name. */
  readonly predicates: Readonly<Record<string, ApprovalPredicate>>;
  /** True: the same `toolCallId` again has no further effect, so that a call cut short by a kill may be repeated. */
  readonly repeatable: boolean;
  readonly timeoutMs: number;
  /** Longest text for the model, in UTF-16 units. */
  readonly maxOutputCharacters: number;
  /** Text, any JSON value, or a ToolResult; an async iterable yields what is known so far, its last value is the result. */
  execute(input: unknown, context: ToolContext): unknown;
}
