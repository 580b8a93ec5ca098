// A tool made with `tool()` of the AI SDK as one of ours. It declares no effect, so it counts as `danger` and asks,
// unless it says `needsApproval: false`.
import type { LanguageModelV4ToolResultOutput } from '@ai-sdk/provider';
import type { ToolContent, ToolContext, ToolDefinition } from '../../contracts/tool.ts';
import { buildTool } from '../define-tool.ts';
import { toolResult } from '../tool-result.ts';

interface SdkCall {
  toolCallId: string;
  messages: [];
  abortSignal?: AbortSignal;
  context: unknown;
}

/** The part of the AI SDK's `Tool` that can run here. */
export interface SdkTool {
  title?: string;
  description?: string;
  inputSchema: unknown;
  outputSchema?: unknown;
  needsApproval?: boolean | ((input: unknown, call: SdkCall) => boolean | PromiseLike<boolean>);
  execute(input: unknown, call: SdkCall): unknown;
  toModelOutput?(result: { toolCallId: string; input: unknown; output: unknown }): unknown;
}

export function isSdkTool(value: unknown): value is SdkTool {
  return (
    typeof value === 'object' &&
    value !== null &&
    'inputSchema' in value &&
    'execute' in value &&
    typeof value.execute === 'function'
  );
}

export function fromAiSdk(name: string, sdk: SdkTool): ToolDefinition {
  const { needsApproval, toModelOutput, outputSchema } = sdk;
  const callOf = (toolCallId: string, abortSignal?: AbortSignal): SdkCall => ({
    toolCallId,
    messages: [],
    ...(abortSignal ? { abortSignal } : {}),
    context: {},
  });
  return buildTool<unknown>({
    name,
    ...(sdk.title === undefined ? {} : { title: sdk.title }),
    description: sdk.description ?? '',
    inputSchema: sdk.inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    effect: 'danger',
    approval:
      typeof needsApproval === 'function'
        ? async (input) => (await needsApproval(input, callOf(''))) !== false
        : needsApproval === false
          ? 'never'
          : 'always',
    async execute(input, context: ToolContext) {
      const { toolCallId, signal } = context;
      let output = await sdk.execute(input, callOf(toolCallId, signal));
      if (toModelOutput === undefined) return output;
      if (typeof output === 'object' && output !== null && Symbol.asyncIterator in output) {
        let last: unknown;
        for await (const value of output as AsyncIterable<unknown>) last = value;
        output = last;
      }
      const said = (await toModelOutput.call(sdk, {
        toolCallId,
        input,
        output,
      })) as LanguageModelV4ToolResultOutput;
      return toolResult({ content: contentOf(said), isError: said.type.startsWith('error'), data: output });
    },
  });
}

function contentOf(said: LanguageModelV4ToolResultOutput): ToolContent[] {
  const text = (words: string): ToolContent[] => [{ type: 'text', text: words }];
  switch (said.type) {
    case 'text':
    case 'error-text':
      return text(said.value);
    case 'json':
    case 'error-json':
      return text(JSON.stringify(said.value));
    case 'execution-denied':
      return text(said.reason ?? 'The call was denied.');
    case 'content':
      return said.value.flatMap((part): ToolContent[] => {
        if (part.type === 'text') return text(part.text);
        if (part.type === 'file' && part.data.type === 'data') {
          const { data } = part.data;
          const base64 = typeof data === 'string' ? data : Buffer.from(data).toString('base64');
          return [{ type: 'file', mediaType: part.mediaType, data: base64, filename: part.filename ?? null }];
        }
        if (part.type === 'file' && part.data.type === 'url') return text(String(part.data.url));
        return text(`[a part of the kind ${part.type} is not kept]`);
      });
  }
}
