// What a user's file imports as `atelier`.
export { defineApp } from './apps/user/define-app.ts';
export { model } from './apps/user/model.ts';
export { AtelierError } from './contracts/errors.ts';
export type { ToolContext, ToolDefinition, ToolResult, Workspace } from './contracts/tool.ts';
export { defineTool } from './tools/define-tool.ts';
export { toolResult } from './tools/tool-result.ts';
