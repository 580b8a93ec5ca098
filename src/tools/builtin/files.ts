// The files of a run as tools: list, read, write, append, delete. Paths stay in the folder of the run.
import { z } from 'zod';
import { AtelierError } from '../../contracts/errors.ts';
import type { ToolContext, ToolDefinition, Workspace, WorkspaceEntry } from '../../contracts/tool.ts';
import { defineTool } from '../define-tool.ts';
import { toolResult } from '../tool-result.ts';

const path = z.string().min(1).max(1000).describe('Relative path such as notes/summary.md');

function folderOf({ workspace }: Pick<ToolContext, 'workspace'>): Workspace {
  if (workspace === null)
    throw new AtelierError('invalid_request', 'There are no files here: this call belongs to no run.');
  return workspace;
}

const line = ({ path: name, kind, bytes }: WorkspaceEntry) =>
  kind === 'folder' ? `${name}/` : `${name} (${bytes} bytes)`;

/** Whether a write would replace a file; writing a new one may then go unasked. */
export const REPLACES_FILE = 'replaces-file';
const replacesFile = async (input: { path: string }, { workspace }: Pick<ToolContext, 'workspace'>) => {
  try {
    return ((await workspace?.list(input.path)) ?? []).length > 0;
  } catch (error) {
    if (error instanceof AtelierError && error.code === 'not_found') return false;
    throw error;
  }
};

const listFiles = defineTool({
  name: 'list_files',
  title: 'List files',
  description: 'Lists the files of this run.',
  effect: 'read',
  inputSchema: z.object({ path: z.string().max(1000).optional().describe('Folder; default: all') }),
  async execute({ path: folder }, context) {
    const entries = await folderOf(context).list(folder);
    return toolResult({ content: entries.map(line).join('\n') || 'There are no files yet.', data: entries });
  },
});

const readFile = defineTool({
  name: 'read_file',
  title: 'Read a file',
  description: 'Reads a text file of this run, whole or by lines.',
  effect: 'read',
  inputSchema: z.object({
    path,
    startLine: z.number().int().min(1).optional().describe('First line, from 1'),
    endLine: z.number().int().min(1).optional().describe('Last line'),
  }),
  async execute({ path: name, startLine, endLine }, context) {
    const bytes = await folderOf(context).read(name);
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (cause) {
      throw new AtelierError(
        'unsupported_content',
        `${name} is no text: ${bytes.length} bytes of another kind.`,
        {
          data: { path: name, bytes: bytes.length },
          cause,
        },
      );
    }
    if (startLine === undefined && endLine === undefined)
      return toolResult({
        content: text === '' ? '(The file is empty.)' : text,
        data: { path: name, bytes: bytes.length },
      });
    const lines = text.split('\n');
    const from = startLine ?? 1;
    const to = Math.min(endLine ?? lines.length, lines.length);
    const part = lines.slice(from - 1, to).join('\n');
    return toolResult({
      content:
        from > lines.length
          ? `${name} has only ${lines.length} lines.`
          : `${part}\n[lines ${from} to ${to} of ${lines.length}]`,
      data: { path: name, bytes: bytes.length, lines: lines.length },
    });
  },
});

const content = z.string().describe('The text');

const writeFile = defineTool({
  name: 'write_file',
  title: 'Write a file',
  description: 'Writes a text file of this run; a file of that name is replaced.',
  effect: 'write',
  predicates: { [REPLACES_FILE]: replacesFile },
  repeatable: true,
  inputSchema: z.object({ path, content }),
  async execute({ path: name, content: text }, context) {
    const entry = await folderOf(context).write(name, text, context.toolCallId);
    return toolResult({ content: `Wrote ${entry.bytes} bytes to ${entry.path}.`, data: entry });
  },
});

const appendFile = defineTool({
  name: 'append_file',
  title: 'Append to a file',
  description:
    'Adds text at the end of a file of this run, which is made when it is not there. Begin a new line yourself.',
  effect: 'write',
  repeatable: true,
  inputSchema: z.object({ path, content }),
  async execute({ path: name, content: text }, context) {
    const entry = await folderOf(context).append(name, text, context.toolCallId);
    return toolResult({
      content: `Appended to ${entry.path}, which now has ${entry.bytes} bytes.`,
      data: entry,
    });
  },
});

const deleteFile = defineTool({
  name: 'delete_file',
  title: 'Delete a file',
  description: 'Deletes a file of this run.',
  effect: 'write',
  repeatable: true,
  inputSchema: z.object({ path }),
  async execute({ path: name }, context) {
    await folderOf(context).delete(name, context.toolCallId);
    return toolResult({ content: `Deleted ${name}.`, data: { path: name } });
  },
});

export const fileTools: readonly ToolDefinition[] = [listFiles, readFile, writeFile, appendFile, deleteFile];
