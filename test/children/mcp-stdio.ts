// An MCP server over stdio. `legacy`: it knows the older protocol only, and ends on anything else before `initialize`.
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createTestMcpServer } from '../mcp-server.ts';

if (process.argv[2] === 'legacy') await createTestMcpServer().connect(new StdioServerTransport());
else if (process.argv[2] === 'broken') {
  process.stderr.write('the configuration is missing\n');
  process.exit(1);
} else serveStdio(({ era }) => createTestMcpServer({}, era));
