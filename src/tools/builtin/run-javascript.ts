// JavaScript as a tool: for what a calculator cannot say and what is too long to work out in words.
import { z } from 'zod';
import type { ToolDefinition } from '../../contracts/tool.ts';
import { defineTool } from '../define-tool.ts';
import type { Sandbox } from '../sandbox/create-sandbox.ts';
import type { SandboxOutcome } from '../sandbox/messages.ts';
import { toolResult } from '../tool-result.ts';

export function createRunJavascriptTool(sandbox: Sandbox): ToolDefinition {
  return defineTool({
    name: 'run_javascript',
    title: 'Run JavaScript',
    description:
      'Runs a JavaScript program and gives its console output and the value of its last expression. ' +
      'Plain JavaScript only: no files, no network, no modules, no Node.js. await, setTimeout and console work.',
    effect: 'read',
    inputSchema: z.object({
      code: z.string().min(1).max(200_000),
      timeoutMs: z.number().int().min(100).max(30_000).optional().describe('Default 5000'),
    }),
    timeoutMs: 60_000,
    async execute({ code, timeoutMs }, { signal }) {
      const outcome = await sandbox.run(code, { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
      return toolResult({ content: outcomeText(outcome), isError: !outcome.ok, data: outcome });
    },
  });
}

/** What a program did, in words. */
export function outcomeText({ ok, value, error, console: lines, consoleLeftOut }: SandboxOutcome): string {
  const parts: string[] = [];
  if (lines.length > 0)
    parts.push(
      `Console:\n${lines.map(({ level, text }) => (level === 'log' || level === 'info' ? text : `${level}: ${text}`)).join('\n')}`,
    );
  if (consoleLeftOut > 0) parts.push(`[${consoleLeftOut} more console lines left out]`);
  if (ok && !(value === 'undefined' && lines.length > 0)) parts.push(`Value: ${value}`);
  if (error !== null)
    parts.push(`${error.name}: ${error.message}${error.stack === null ? '' : `\n${error.stack}`}`);
  return parts.join('\n');
}
