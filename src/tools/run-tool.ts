// One tool call from the model's words to its result: check the input, run within time, cut the output, keep a span.
// A failure is a result that the model can read; only the caller's own cancel is thrown.
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { AtelierError, isAtelierError } from '../contracts/errors.ts';
import { noticesOf } from '../contracts/notice.ts';
import { attribute, noteAttributes } from '../contracts/span.ts';
import type { InputFault, ToolCall, ToolContext, ToolDefinition, ToolResult } from '../contracts/tool.ts';
import { runScope } from '../lib/run-scope.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { cutOutput } from './cut-output.ts';
import { readInput } from './read-input.ts';
import { errorResult, toToolResult } from './tool-result.ts';

export interface RunToolOptions {
  /** @throws AtelierError tool_not_found */
  resolve(name: string): ToolDefinition;
  call: ToolCall;
  context: Omit<ToolContext, 'toolCallId'>;
  ledger: Ledger;
  /** page, api, cli, job; used when the call has no trace yet. */
  source?: string;
  /** What `model()` of 'atelier' means inside the tool, a model bound to the tool's own span; absent: nothing. */
  languageModel?: (id: string | null, trace: NonNullable<ToolContext['trace']>) => LanguageModelV4;
}

/** @throws AtelierError cancelled when `context.signal` is aborted; the tool may still be at work then. */
export async function runTool(options: RunToolOptions): Promise<ToolResult> {
  const { call, context, ledger, source, languageModel } = options;
  const span = ledger.startSpan({
    ...(context.trace === null ? {} : { traceId: context.trace.traceId, parentId: context.trace.spanId }),
    name: `execute_tool ${call.toolName}`,
    kind: 'tool',
    userId: context.identity.userId,
    conversationId: context.conversationId,
    ...(source === undefined ? {} : { source }),
    attributes: {
      [attribute.operation]: 'execute_tool',
      [attribute.toolName]: call.toolName,
      [attribute.toolCallId]: call.toolCallId,
      [attribute.toolType]: 'function',
    },
    input: call.input,
  });
  const trace = { traceId: span.traceId, spanId: span.spanId };
  const inner: ToolContext = { ...context, toolCallId: call.toolCallId, trace };
  const inScope = <T>(work: () => T): T =>
    languageModel === undefined
      ? work()
      : runScope.run({ signal: context.signal, languageModel: (id) => languageModel(id, trace) }, work);
  try {
    context.signal.throwIfAborted();
    const tool = options.resolve(call.toolName);
    span.setAttributes({ 'atelier.tool.effect': tool.effect });
    const result = await cutOutput(
      await inScope(() => perform(tool, call.input, inner)),
      tool.maxOutputCharacters,
      inner,
    );
    span.end({
      status: result.isError ? 'error' : 'ok',
      error: result.isError
        ? (result.error ?? new AtelierError('tool_failed', `${call.toolName} reported an error.`).toJSON())
        : null,
      output: result.content,
      attributes: noteAttributes(noticesOf(result)),
    });
    return result;
  } catch (error) {
    if (context.signal.aborted) {
      const cancelled = new AtelierError('cancelled', `The call of ${call.toolName} was cancelled.`, {
        cause: error,
      });
      span.end({ status: 'cancelled', error: cancelled.toJSON() });
      throw cancelled;
    }
    const failure = failureOf(call.toolName, error);
    context.log.warn('a tool failed', { tool: call.toolName, code: failure.code });
    span.end({ status: 'error', error: failure.toJSON(), output: failure.message });
    return errorResult(failure);
  }
}

async function perform(tool: ToolDefinition, sent: unknown, context: ToolContext): Promise<ToolResult> {
  const checked = await tool.inputSchema.validate(readInput(sent));
  if ('faults' in checked) throw inputError(tool, sent, checked.faults);
  const timer = new AbortController();
  const signal = AbortSignal.any([context.signal, timer.signal]);
  const timeout = setTimeout(() => timer.abort(timeoutError(tool)), tool.timeoutMs);
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // The race below may be over before; a late abort is then nobody's error.
  aborted.catch(() => {});
  try {
    const value = await Promise.race([
      drain(tool.execute(checked.value, { ...context, signal }), context, signal),
      aborted,
    ]);
    const result = toToolResult(value);
    if (tool.outputSchema === null || result.isError) return result;
    const output = await tool.outputSchema.validate(result.data ?? value);
    if ('value' in output) return result;
    throw new AtelierError(
      'tool_failed',
      `${tool.name} answered something that does not fit its own output schema: ${faultText(output.faults)}`,
      { data: { tool: tool.name, faults: output.faults } },
    );
  } finally {
    clearTimeout(timeout);
  }
}

/** An async iterable tells what it knows so far; its last value is the result. */
async function drain(returned: unknown, context: ToolContext, signal: AbortSignal): Promise<unknown> {
  if (typeof returned !== 'object' || returned === null || !(Symbol.asyncIterator in returned))
    return returned;
  let last: unknown;
  let first = true;
  for await (const value of returned as AsyncIterable<unknown>) {
    signal.throwIfAborted();
    if (!first) emitOutput(last, context);
    last = value;
    first = false;
  }
  return last;
}

function emitOutput(value: unknown, context: ToolContext): void {
  context.emit({
    type: 'tool-output',
    text: typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
  });
}

const faultText = (faults: readonly InputFault[]) =>
  faults
    .slice(0, 8)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');

function inputError(tool: ToolDefinition, sent: unknown, faults: InputFault[]): AtelierError {
  const text = JSON.stringify(sent) ?? String(sent);
  return new AtelierError(
    'tool_input_invalid',
    `The input of ${tool.name} is wrong: ${faultText(faults)}. You sent ${text.length > 300 ? `${text.slice(0, 300)}...` : text}. ` +
      `Send one JSON object that fits this schema: ${JSON.stringify(tool.inputSchema.jsonSchema)}`,
    { data: { tool: tool.name, faults } },
  );
}

function timeoutError(tool: ToolDefinition): AtelierError {
  const effect =
    tool.effect === 'read' ? '' : ' It may have had its effect all the same: look before you call it again.';
  return new AtelierError(
    'timed_out',
    `${tool.name} took longer than its limit of ${tool.timeoutMs / 1000} s and was stopped.${effect}`,
    { data: { tool: tool.name, timeoutMs: tool.timeoutMs }, retryable: tool.effect === 'read' },
  );
}

function failureOf(name: string, error: unknown): AtelierError {
  if (isAtelierError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AtelierError('tool_failed', `${name} failed: ${message}`, {
    data: { tool: name },
    cause: error,
  });
}
