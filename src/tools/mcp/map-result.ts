// What an MCP server answers, as a tool's result: text stays text, pictures and blobs become files, links a line.
import type { CallToolResult } from '@modelcontextprotocol/client';
import type { Notice } from '../../contracts/notice.ts';
import type { ToolContent, ToolResult } from '../../contracts/tool.ts';
import { toolResult } from '../tool-result.ts';

type Block = CallToolResult['content'][number];

export function mapResult(result: CallToolResult, notes: readonly Notice[]): ToolResult {
  const content = (result.content ?? []).map(mapBlock);
  const data = result.structuredContent ?? null;
  if (content.length === 0)
    content.push({
      type: 'text',
      text: data === null ? 'Done; the tool returned nothing.' : JSON.stringify(data),
    });
  return toolResult({ content, data, notes, isError: result.isError === true });
}

function mapBlock(block: Block): ToolContent {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'image':
    case 'audio':
      return { type: 'file', mediaType: block.mimeType, data: block.data, filename: null };
    case 'resource_link':
      return {
        type: 'text',
        text: `[${block.title ?? block.name}](${block.uri})${block.description ? `: ${block.description}` : ''}`,
      };
    case 'resource': {
      const { resource } = block;
      if ('text' in resource) return { type: 'text', text: `${resource.uri}:\n${resource.text}` };
      const filename = resource.uri.split('/').at(-1) || null;
      return {
        type: 'file',
        mediaType: resource.mimeType ?? 'application/octet-stream',
        data: resource.blob,
        filename,
      };
    }
    default:
      return {
        type: 'text',
        text: `[the server sent a part of an unknown kind: ${(block as { type: string }).type}]`,
      };
  }
}
