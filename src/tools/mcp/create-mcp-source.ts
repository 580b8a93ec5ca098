// All configured MCP servers as one source of tools. Rows come and go; what did not change keeps its connection.
import type { McpServer, McpServerStatus } from '../../contracts/mcp.ts';
import type { ToolFault } from '../../contracts/tool.ts';
import { createEmitter } from '../../lib/emitter.ts';
import type { ToolSource } from '../tool-registry.ts';
import {
  createMcpConnection,
  type McpConnection,
  type McpConnectionOptions,
} from './create-mcp-connection.ts';

export interface McpSource extends ToolSource {
  /** Opens and closes connections to fit the rows. Failures show in `statuses` and `faults`. */
  setServers(servers: readonly McpServer[]): Promise<void>;
  /** Tries now instead of waiting; undefined for an unknown id. */
  reconnect(id: string): Promise<McpServerStatus | undefined>;
  statuses(): McpServerStatus[];
  faults(): readonly ToolFault[];
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

export type McpSourceOptions = Omit<McpConnectionOptions, 'server' | 'onChange'>;

export function createMcpSource(options: McpSourceOptions): McpSource {
  const { log } = options;
  const connections = new Map<string, { row: string; connection: McpConnection }>();
  const changes = createEmitter<void>((error) =>
    log.error('a listener of the MCP servers failed', { error: String(error) }),
  );
  const all = () => [...connections.values()].map(({ connection }) => connection);
  const start = (connection: McpConnection) =>
    connection.connect().catch((error: unknown) => {
      log.warn('an MCP server cannot be used', { server: connection.status().id, error: String(error) });
    });

  return {
    kind: 'mcp',
    tools: () =>
      all().flatMap((connection) =>
        connection.tools().map((tool) => ({ tool, origin: connection.status().id })),
      ),
    faults: () => all().flatMap((connection) => connection.faults()),
    onChange: changes.on,
    statuses: () => all().map((connection) => connection.status()),
    async setServers(servers) {
      const wanted = new Map(servers.filter(({ enabled }) => enabled).map((server) => [server.id, server]));
      const closing: Promise<void>[] = [];
      for (const [id, { row, connection }] of connections) {
        const server = wanted.get(id);
        if (server !== undefined && JSON.stringify(server) === row) continue;
        connections.delete(id);
        closing.push(connection.close());
      }
      const starting: Promise<void>[] = [];
      for (const [id, server] of wanted) {
        if (connections.has(id)) continue;
        const connection = createMcpConnection({ ...options, server, onChange: () => changes.emit() });
        connections.set(id, { row: JSON.stringify(server), connection });
        starting.push(start(connection));
      }
      changes.emit();
      await Promise.all([...closing, ...starting]);
    },
    async reconnect(id) {
      const connection = connections.get(id)?.connection;
      if (connection !== undefined) await start(connection);
      return connection?.status();
    },
    async close() {
      const open = all();
      connections.clear();
      await Promise.all(open.map((connection) => connection.close()));
    },
  };
}
