// One tool of an MCP server as a tool of ours. What a server says of itself (read-only, harmless) is no proof, so the
// effect is `danger`; a person may choose to believe the hint.
import type { Tool } from '@modelcontextprotocol/client';
import type { McpServer } from '../../contracts/mcp.ts';
import type { ToolContext, ToolDefinition } from '../../contracts/tool.ts';
import { buildTool } from '../define-tool.ts';

/** The predicate that asks unless the server calls the tool read-only. */
const UNLESS_READ_ONLY = 'unless-read-only';

const MAX_DESCRIPTION = 4000;

/** `server__tool`, with nothing in it that a provider's function names refuse. */
export function mcpToolName(serverId: string, name: string): string {
  return `${serverId}__${name}`.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64);
}

/** @throws AtelierError invalid_request when the server describes no usable tool */
export function mcpTool(
  server: McpServer,
  tool: Tool,
  execute: (input: Record<string, unknown>, context: ToolContext) => unknown,
): ToolDefinition {
  const description =
    (tool.description ?? tool.title ?? '').trim() || `The tool ${tool.name} of ${server.title}.`;
  return buildTool<Record<string, unknown>>({
    name: mcpToolName(server.id, tool.name),
    title: tool.title ?? tool.annotations?.title ?? tool.name,
    description:
      description.length <= MAX_DESCRIPTION
        ? description
        : `${description.slice(0, MAX_DESCRIPTION)} [description cut]`,
    inputSchema: { jsonSchema: tool.inputSchema },
    effect: 'danger',
    approval: server.approval,
    predicates: { [UNLESS_READ_ONLY]: () => tool.annotations?.readOnlyHint !== true },
    // The same call again may well have a second effect, whatever the server hints.
    repeatable: false,
    timeoutMs: server.timeoutMs,
    execute,
  });
}
