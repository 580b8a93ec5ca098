// One model call of a step: its options for either way of calling tools, its stream into events, and what came of it.
import type {
  JSONSchema7,
  LanguageModelV4CallOptions,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { AtelierError } from '../../contracts/errors.ts';
import type { AtelierOptions, CallStatus, ModelInfo, Parameters } from '../../contracts/model.ts';
import { type Notice, noticesOf } from '../../contracts/notice.ts';
import type { RunEvent } from '../../contracts/run.ts';
import type { ToolDefinition } from '../../contracts/tool.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { CallContext } from '../../models/model-call.ts';
import { priceOf, toUsage } from '../../models/usage.ts';
import { warningNotice } from '../receipt.ts';
import { createHeldText } from './hold-call-text.ts';
import { createJsonFieldReader } from './json-field-reader.ts';
import { simplifySchema } from './simplify-schema.ts';

export type StepMode = 'native' | 'constrained';
/** What a step may be: anything, only the answer, or (constrained) only a call of a tool. */
export type StepKind = 'any' | 'answer' | 'tool';

export interface ModelStepOptions {
  gateway: Gateway;
  /** Id or alias: what an alias says of other models and of the cache holds for each step. */
  asked: string;
  /** What it stood for when the run began. */
  model: ModelInfo;
  mode: StepMode;
  prompt: LanguageModelV4Prompt;
  tools: readonly ToolDefinition[];
  kind: StepKind;
  /** Of the final answer; null: text. */
  outputSchema: Record<string, unknown> | null;
  parameters: Parameters;
  context: CallContext;
  signal: AbortSignal;
  /** Id of the blocks of text and reasoning that this step writes. */
  block: string;
  append: (event: RunEvent) => void;
  onStatus: (status: CallStatus) => void;
}

export interface StepOutcome {
  calls: { toolName: string; input: unknown }[];
  /** The final answer as JSON text, where an output schema was asked for; null where text was streamed. */
  output: string | null;
  finishReason: string;
  firstTokenMs: number | null;
  writeMs: number;
  notes: Notice[];
}

/** A constrained step ends somewhere, also when a small model does not. */
const MAX_STEP_TOKENS = 2048;

export async function takeModelStep(options: ModelStepOptions): Promise<StepOutcome> {
  const { gateway, asked, context, mode } = options;
  const startedAt = performance.now();
  const stream = await gateway.stream(asked, callOptions(options), context);
  const { model } = stream;
  const reader = mode === 'constrained' ? constrainedReader(options) : nativeReader(options);
  const outcome: Omit<StepOutcome, 'calls' | 'output'> = {
    finishReason: 'other',
    firstTokenMs: null,
    writeMs: 0,
    notes: [],
  };
  let firstAt: number | null = null;
  let lastAt = startedAt;
  for await (const part of stream.stream) {
    if (part.type === 'error') throw part.error;
    if (part.type.endsWith('-delta') || part.type === 'tool-call') {
      lastAt = performance.now();
      firstAt ??= lastAt;
    }
    if (part.type === 'stream-start')
      for (const warning of part.warnings) outcome.notes.push(warningNotice(warning));
    else if (part.type === 'finish') {
      outcome.finishReason = part.finishReason.unified;
      const usage = toUsage(part.usage);
      const { cost, note } = priceOf(usage, model.price);
      if (note !== null) outcome.notes.push(note);
      const atelier = part.providerMetadata?.atelier as
        | { notes?: string[]; notices?: Notice[]; timings?: { writeMs?: number } }
        | undefined;
      outcome.notes.push(...noticesOf(atelier ?? {}));
      outcome.writeMs = atelier?.timings?.writeMs ?? lastAt - (firstAt ?? lastAt);
      options.append({ type: 'run-usage', model: model.id, usage, cost });
    } else reader.part(part);
  }
  outcome.firstTokenMs = firstAt === null ? null : firstAt - startedAt;
  return { ...outcome, ...reader.end(outcome.finishReason) };
}

type CallShape = Pick<
  ModelStepOptions,
  'mode' | 'tools' | 'outputSchema' | 'kind' | 'parameters' | 'prompt'
> &
  Partial<Pick<ModelStepOptions, 'signal' | 'onStatus'>>;

export function callOptions(options: CallShape): LanguageModelV4CallOptions {
  const { mode, tools, outputSchema, kind } = options;
  const { minP, repeatPenalty, ...own } = options.parameters;
  const atelier: AtelierOptions = {
    ...(minP === undefined ? {} : { minP }),
    ...(repeatPenalty === undefined ? {} : { repeatPenalty }),
    ...(options.onStatus === undefined ? {} : { onStatus: options.onStatus }),
  };
  const shared: LanguageModelV4CallOptions = {
    ...(Object.fromEntries(
      Object.entries(own).filter(([, value]) => value !== undefined),
    ) as Partial<LanguageModelV4CallOptions>),
    prompt: options.prompt,
    ...(options.signal === undefined ? {} : { abortSignal: options.signal }),
    // `onStatus` is a function, which the AI SDK's JSON type does not know; it never leaves the process.
    providerOptions: { atelier: atelier as Record<string, never> },
  };
  if (mode === 'constrained') {
    return {
      // A choice among tools is no place for chance.
      temperature: 0,
      maxOutputTokens: MAX_STEP_TOKENS,
      ...shared,
      responseFormat: { type: 'json', schema: stepSchema(tools, outputSchema, kind) },
    };
  }
  const format =
    outputSchema === null || (tools.length > 0 && kind !== 'answer')
      ? {}
      : { responseFormat: { type: 'json' as const, schema: outputSchema as JSONSchema7 } };
  if (tools.length === 0) return { ...shared, ...format };
  return {
    ...shared,
    ...format,
    tools: tools.map(({ name, description, inputSchema }) => ({
      type: 'function' as const,
      name,
      description,
      inputSchema: inputSchema.jsonSchema as JSONSchema7,
    })),
    ...(kind === 'answer' ? { toolChoice: { type: 'none' as const } } : {}),
  };
}

/** One branch a tool, and one for the answer. The title tells a scripted model what is asked of it. */
export function stepSchema(
  tools: readonly ToolDefinition[],
  outputSchema: Record<string, unknown> | null,
  kind: StepKind = 'any',
): JSONSchema7 {
  const answer = outputSchema === null ? ({ type: 'string' } as const) : simplifySchema(outputSchema);
  const branch = (properties: Record<string, JSONSchema7 | boolean>): JSONSchema7 => ({
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  });
  return {
    title: 'step',
    oneOf: [
      ...(kind === 'answer' ? [] : tools).map((tool) =>
        branch({ tool: { const: tool.name }, input: simplifySchema(tool.inputSchema.jsonSchema) }),
      ),
      ...(kind === 'tool' && tools.length > 0 ? [] : [branch({ answer })]),
    ],
  };
}

interface StepReader {
  part(part: LanguageModelV4StreamPart): void;
  end(finishReason: string): Pick<StepOutcome, 'calls' | 'output'>;
}

/** A block of text that begins with its first word. */
function textBlock({ block, append }: ModelStepOptions, kind: 'text' | 'reasoning', id = block) {
  let open = false;
  return {
    write(delta: string) {
      if (delta === '') return;
      if (!open) append({ type: `${kind}-start`, id });
      open = true;
      append({ type: `${kind}-delta`, id, delta });
    },
    end() {
      if (open) append({ type: `${kind}-end`, id });
      open = false;
    },
  };
}

const namesOf = (tools: readonly ToolDefinition[]) => new Set(tools.map(({ name }) => name));

function nativeReader(options: ModelStepOptions): StepReader {
  const { kind, tools, outputSchema } = options;
  const text = textBlock(options, 'text');
  const reasoning = textBlock(options, 'reasoning');
  const held = createHeldText(kind === 'answer' ? new Set() : namesOf(tools));
  const calls: StepOutcome['calls'] = [];
  let whole = '';
  return {
    part(part) {
      if (part.type === 'reasoning-delta') reasoning.write(part.delta);
      else if (part.type === 'text-delta') {
        reasoning.end();
        // A typed answer is shown when it is known to be valid.
        if (outputSchema === null) text.write(held.push(part.delta));
        whole += part.delta;
      } else if (part.type === 'tool-call')
        calls.push({ toolName: part.toolName, input: parsed(part.input) });
    },
    end() {
      reasoning.end();
      const rest = held.end();
      const written = rest.calls?.map(({ name, input }) => ({ toolName: name, input: parsed(input) })) ?? [];
      if (calls.length === 0) calls.push(...written);
      if (outputSchema === null) text.write(rest.text);
      text.end();
      return { calls, output: outputSchema === null || calls.length > 0 ? null : unfenced(whole) };
    },
  };
}

function constrainedReader(options: ModelStepOptions): StepReader {
  const { outputSchema, kind, tools } = options;
  const names = kind === 'answer' ? new Set<string>() : namesOf(tools);
  const text = textBlock(options, 'text');
  const reasoning = textBlock(options, 'reasoning');
  const answer = createJsonFieldReader('answer');
  const held = createHeldText(names);
  let whole = '';
  return {
    part(part) {
      if (part.type === 'reasoning-delta') reasoning.write(part.delta);
      if (part.type !== 'text-delta') return;
      reasoning.end();
      whole += part.delta;
      if (outputSchema === null) text.write(held.push(answer.push(part.delta)));
    },
    end(finishReason) {
      const rest = held.end();
      if (rest.calls !== null) {
        text.end();
        return {
          calls: rest.calls.slice(0, 1).map(({ name, input }) => ({ toolName: name, input: parsed(input) })),
          output: null,
        };
      }
      text.write(rest.text);
      text.end();
      const step = parsed(whole);
      if (typeof step === 'object' && step !== null && 'tool' in step) {
        const { tool, input } = step as { tool: unknown; input?: unknown };
        return { calls: [{ toolName: String(tool), input: input ?? {} }], output: null };
      }
      if (typeof step === 'object' && step !== null && 'answer' in step)
        return { calls: [], output: outputSchema === null ? null : JSON.stringify(step.answer) };
      // Cut short by the limit of tokens: what there is of an answer was shown, half a call is no call.
      if (/^\s*\{\s*"answer"/.test(whole)) return { calls: [], output: outputSchema === null ? null : whole };
      throw new AtelierError(
        'model_failed',
        `The model's step is no JSON that can be read (it ended with ${finishReason}). Ask again, or choose a larger model.`,
        { data: { finishReason, length: whole.length }, retryable: true },
      );
    },
  };
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value.trim() === '') return {};
  try {
    return JSON.parse(value);
  } catch {
    // The tool's own schema says what is wrong with a bare text.
    return value;
  }
}

const unfenced = (text: string) =>
  /^```[a-zA-Z]*\s*\n?([\s\S]*?)\n?```$/.exec(text.trim())?.[1]?.trim() ?? text.trim();
