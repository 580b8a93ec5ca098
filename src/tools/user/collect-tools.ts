// The tools among what a user's file exports: made with `defineTool`, or with `tool()` of the AI SDK.
import { AtelierError } from '../../contracts/errors.ts';
import type { ToolDefinition } from '../../contracts/tool.ts';
import { isToolDefinition } from '../define-tool.ts';
import { fromAiSdk, isSdkTool } from './from-ai-sdk.ts';

/** @throws AtelierError invalid_request when there is none, or one cannot work */
export function collectTools(file: string, exports: Readonly<Record<string, unknown>>): ToolDefinition[] {
  const stem = file.replace(/\.[^.]+$/, '').replaceAll(/[^a-zA-Z0-9_-]/g, '_');
  const found: ToolDefinition[] = [];
  for (const [name, value] of Object.entries(exports)) {
    if (isToolDefinition(value)) {
      if (!found.includes(value)) found.push(value);
    } else if (isSdkTool(value)) found.push(fromAiSdk(name === 'default' ? stem : name, value));
  }
  if (found.length === 0)
    throw new AtelierError(
      'invalid_request',
      `${file} exports no tool. Export the result of defineTool() of 'atelier' or of tool() of 'ai'.`,
      { data: { file, exports: Object.keys(exports) } },
    );
  return found;
}
