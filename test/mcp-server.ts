// A real MCP server for tests, with one tool for each thing that a client must bear.
import { inputRequired, type McpRequestContext, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export interface TestMcpOptions {
  /** Names of further tools, read for each new server. */
  more?: () => readonly string[];
}

export function createTestMcpServer(
  { more = () => [] }: TestMcpOptions = {},
  era?: McpRequestContext['era'],
): McpServer {
  const server = new McpServer(
    { name: 'test-server', version: '1.2.3' },
    { capabilities: { tools: { listChanged: true } } },
  );
  const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] });
  const none = z.object({});

  server.registerTool(
    'echo',
    {
      title: 'Echo',
      description: 'Says it again.',
      inputSchema: z.object({ words: z.string() }),
      annotations: { readOnlyHint: true },
    },
    async ({ words }) => text(words),
  );
  server.registerTool(
    'sum',
    {
      description: 'Adds.',
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
    },
    async ({ a, b }) => ({ ...text(String(a + b)), structuredContent: { sum: a + b } }),
  );
  server.registerTool('kinds', { description: 'All kinds of parts.', inputSchema: none }, async () => ({
    content: [
      { type: 'text', text: 'words' },
      { type: 'image', mimeType: 'image/png', data: PIXEL },
      { type: 'resource', resource: { uri: 'file:///notes.txt', text: 'a note' } },
      {
        type: 'resource',
        resource: { uri: 'file:///data.bin', mimeType: 'application/x-bin', blob: 'AAEC' },
      },
      { type: 'resource_link', uri: 'https://example.com/doc', name: 'doc', description: 'a document' },
    ],
  }));
  server.registerTool('fail', { description: 'Reports an error.', inputSchema: none }, async () => ({
    ...text('no ink left'),
    isError: true,
  }));
  server.registerTool('env', { description: 'The names of its environment.', inputSchema: none }, async () =>
    text(Object.keys(process.env).sort().join(' ')),
  );
  server.registerTool('cwd', { description: 'Its folder.', inputSchema: none }, async () =>
    text(process.cwd()),
  );
  server.registerTool('die', { description: 'Ends the process.', inputSchema: none }, async () =>
    process.exit(3),
  );
  server.registerTool(
    'slow',
    { description: 'Tells its progress, then waits to be cancelled.', inputSchema: none },
    async (_input, context) => {
      const { progressToken } = context.mcpReq._meta ?? {};
      for (let progress = 1; progress <= 3; progress++)
        if (progressToken !== undefined)
          await context.mcpReq.notify({
            method: 'notifications/progress',
            params: { progressToken, progress, total: 3, message: `step ${progress}` },
          });
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 20_000);
        context.mcpReq.signal.addEventListener('abort', () => {
          clearTimeout(timer);
          cancelledCalls.count++;
          resolve();
        });
      });
      return text('waited');
    },
  );
  server.registerTool(
    'ask',
    { description: 'Asks the person.', inputSchema: none },
    async (_input, context) => {
      const params = {
        mode: 'form' as const,
        message: 'Which colour?',
        requestedSchema: { type: 'object' as const, properties: { colour: { type: 'string' as const } } },
      };
      if (era !== 'modern')
        return text(`the person said ${(await context.mcpReq.elicitInput(params)).action}`);
      const answer = context.mcpReq.inputResponses?.colour as { action?: string } | undefined;
      if (answer === undefined)
        return inputRequired({ inputRequests: { colour: inputRequired.elicit(params) } });
      return text(`the person said ${answer.action}`);
    },
  );
  server.registerTool('grow', { description: 'Brings another tool.', inputSchema: none }, async () => {
    server.registerTool('grown', { description: 'Was not there.', inputSchema: none }, async () =>
      text('grown'),
    );
    return text('there');
  });
  for (const name of more())
    server.registerTool(name, { description: name, inputSchema: none }, async () => text(name));
  return server;
}

/** How many calls of `slow` the server saw cancelled. */
export const cancelledCalls = { count: 0 };
