// What a user's file imports as `atelier`.
export { AtelierError } from '../contracts/errors.ts';
export type { ToolContext, ToolDefinition, ToolResult, Workspace } from '../contracts/tool.ts';
export { defineTool } from './define-tool.ts';
export { toolResult } from './tool-result.ts';
