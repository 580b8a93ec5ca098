// The MCP servers that a person configured: rows sealed with the data folder's key, since commands and headers hold
// secrets, handed to the source of tools at the start and at every change.
import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import { type McpServer, type McpServerStatus, mcpServerSchema } from '../contracts/mcp.ts';
import type { Log } from '../lib/log.ts';
import type { Sealer } from '../store/secrets.ts';
import type { Store } from '../store/store.ts';
import type { McpSource } from './mcp/create-mcp-source.ts';

/** A server as pages see it: secret values are empty. */
export interface ShownMcpServer {
  server: McpServer;
  status: McpServerStatus;
}

export interface McpServers {
  /** Connects what is enabled, in the background. */
  start(): Promise<void>;
  list(): Promise<ShownMcpServer[]>;
  /** An empty secret value keeps the stored one. @throws AtelierError invalid_request */
  put(server: McpServer): Promise<ShownMcpServer>;
  /** @throws AtelierError not_found */
  remove(id: string): Promise<void>;
  /** Tries now instead of waiting. @throws AtelierError not_found */
  retry(id: string): Promise<McpServerStatus>;
}

export interface McpServersOptions {
  store: Store;
  sealer: Sealer;
  source: Pick<McpSource, 'setServers' | 'statuses' | 'reconnect'>;
  log: Log;
  now?: () => number;
}

export function createMcpServers(options: McpServersOptions): McpServers {
  const { store, sealer, source, log, now = Date.now } = options;
  const { db } = store;

  async function stored(): Promise<McpServer[]> {
    const rows = await db.selectFrom('mcp_servers').selectAll().orderBy('id').execute();
    return rows.flatMap((row) => {
      try {
        return [mcpServerSchema.parse(JSON.parse(sealer.open(row.sealed)))];
      } catch (thrown) {
        const { message } = toAtelierError(thrown);
        log.error('an MCP server cannot be read from the store; enter it again', { server: row.id, message });
        return [];
      }
    });
  }

  /** Connecting may take as long as the other side likes; its outcome shows in the states. */
  async function apply(): Promise<void> {
    source.setServers(await stored()).catch((error: unknown) => {
      log.error('MCP servers could not be set', { error: String(error) });
    });
  }

  function shown(server: McpServer): ShownMcpServer {
    const found = source.statuses().find(({ id }) => id === server.id);
    return { server: withoutSecrets(server), status: found ?? offStatus(server) };
  }

  async function known(id: string): Promise<McpServer> {
    const found = (await stored()).find((server) => server.id === id);
    if (found !== undefined) return found;
    throw new AtelierError('not_found', `There is no MCP server ${id}.`, { data: { id } });
  }

  return {
    start: apply,
    list: async () => (await stored()).map(shown),
    async put(given) {
      const parsed = mcpServerSchema.safeParse(given);
      if (!parsed.success) {
        const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
        throw new AtelierError('invalid_request', `This is no MCP server: ${faults.join(' | ')}`, {
          data: { faults },
        });
      }
      const before = (await stored()).find(({ id }) => id === parsed.data.id);
      const server = withKeptSecrets(parsed.data, before);
      const at = now();
      const values = {
        enabled: server.enabled ? 1 : 0,
        sealed: sealer.seal(JSON.stringify(server)),
        updated_at: at,
      };
      await store.write([
        db
          .insertInto('mcp_servers')
          .values({ id: server.id, created_at: at, ...values })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(values)),
      ]);
      await apply();
      return shown(server);
    },
    async remove(id) {
      await known(id);
      await store.write([db.deleteFrom('mcp_servers').where('id', '=', id)]);
      await apply();
    },
    async retry(id) {
      const server = await known(id);
      return (await source.reconnect(id)) ?? offStatus(server);
    },
  };
}

type Secrets = Record<string, string>;
const emptied = (secrets: Secrets): Secrets =>
  Object.fromEntries(Object.keys(secrets).map((name) => [name, '']));
const kept = (secrets: Secrets, before: Secrets): Secrets =>
  Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [name, value === '' ? (before[name] ?? '') : value]),
  );

function withoutSecrets(server: McpServer): McpServer {
  const { transport } = server;
  return transport.kind === 'stdio'
    ? { ...server, transport: { ...transport, env: emptied(transport.env) } }
    : { ...server, transport: { ...transport, headers: emptied(transport.headers) } };
}

function withKeptSecrets(server: McpServer, before: McpServer | undefined): McpServer {
  const { transport } = server;
  const old = before?.transport;
  if (transport.kind === 'stdio')
    return {
      ...server,
      transport: { ...transport, env: kept(transport.env, old?.kind === 'stdio' ? old.env : {}) },
    };
  // Secrets go only where they were meant for.
  const same = old?.kind === 'http' && new URL(old.url).origin === new URL(transport.url).origin;
  return {
    ...server,
    transport: { ...transport, headers: kept(transport.headers, same ? old.headers : {}) },
  };
}

const offStatus = ({ id }: McpServer): McpServerStatus => ({
  id,
  state: 'off',
  error: null,
  protocolVersion: null,
  serverName: null,
  serverVersion: null,
  tools: 0,
});
