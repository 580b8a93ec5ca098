// A connection to one MCP server that is kept up: connect, list, follow changes, call, and come back after a loss.
// Both protocol eras (2025-11-25 and before; 2026-07-28) look the same from here.
import type { Client, Tool } from '@modelcontextprotocol/client';
import { AtelierError, toAtelierError } from '../../contracts/errors.ts';
import type { McpServer, McpServerStatus } from '../../contracts/mcp.ts';
import { noticeOf } from '../../contracts/notice.ts';
import type { ToolContext, ToolDefinition, ToolFault } from '../../contracts/tool.ts';
import type { Log } from '../../lib/log.ts';
import { mapResult } from './map-result.ts';
import { callError, connectError, isLasting, isLost, neverArrived } from './mcp-errors.ts';
import { mcpTool, mcpToolName } from './mcp-tool.ts';
import { type OpenTransport, openTransport, type TransportOptions } from './open-transport.ts';

export interface McpConnectionOptions extends TransportOptions {
  server: McpServer;
  version: string;
  log: Log;
  onChange(): void;
  connectTimeoutMs?: number;
  /** Waits before the next try: the first, doubled each time, and the longest. */
  retryMs?: readonly [first: number, longest: number];
}

export interface McpConnection {
  status(): McpServerStatus;
  tools(): readonly ToolDefinition[];
  faults(): readonly ToolFault[];
  /** Resolves when connected. @throws AtelierError when this try failed; others may follow by themselves. */
  connect(): Promise<void>;
  close(): Promise<void>;
}

interface Live {
  client: Client;
  open: OpenTransport;
  /** How often the server asked the person for something. */
  asked: string[];
}

const MODERN = '2026-07-28';

export function createMcpConnection(options: McpConnectionOptions): McpConnection {
  const { server, version, log, onChange, connectTimeoutMs = 20_000, retryMs = [1_000, 300_000] } = options;
  let live: Live | null = null;
  let connecting: Promise<Live> | null = null;
  let state: McpServerStatus['state'] = 'off';
  let error: AtelierError | null = null;
  let tools: ToolDefinition[] = [];
  let faults: ToolFault[] = [];
  let retry: NodeJS.Timeout | null = null;
  let failures = 0;
  let closed = false;
  let named: { name: string; version: string; protocol: string | null } | null = null;

  const become = (next: typeof state, why: AtelierError | null) => {
    state = next;
    error = why;
    onChange();
  };

  function takeTools(list: readonly Tool[]) {
    tools = [];
    faults = [];
    for (const tool of list) {
      try {
        tools.push(mcpTool(server, tool, (input, context) => call(tool, input, context)));
      } catch (cause) {
        const name = mcpToolName(server.id, tool.name);
        faults.push({ source: 'mcp', origin: server.id, name, error: toAtelierError(cause).toJSON() });
      }
    }
  }

  function ensure(): Promise<Live> {
    if (closed)
      return Promise.reject(new AtelierError('cancelled', `The MCP server ${server.title} is switched off.`));
    if (live !== null) return Promise.resolve(live);
    connecting ??= open().finally(() => {
      connecting = null;
    });
    return connecting;
  }

  async function open(): Promise<Live> {
    if (retry !== null) clearTimeout(retry);
    become('connecting', null);
    let opened: OpenTransport | null = null;
    let client: Client | null = null;
    try {
      opened = await openTransport(server.transport, options);
      const { Client: McpClient } = await import('@modelcontextprotocol/client');
      const asked: string[] = [];
      const mine: Client = new McpClient(
        { name: 'atelier', version },
        {
          capabilities: { elicitation: { form: {} } },
          versionNegotiation: { mode: server.era === 'modern' ? { pin: MODERN } : server.era },
          listChanged: {
            tools: {
              debounceMs: 50,
              onChanged: (cause, list) => {
                if (live?.client !== mine) return;
                if (cause !== null || list === null)
                  log.warn('the tools of an MCP server could not be listed again', {
                    server: server.id,
                    error: String(cause),
                  });
                else {
                  takeTools(list);
                  onChange();
                }
              },
            },
          },
        },
      );
      client = mine;
      // No page asks the person yet. A polite no lets the server go on without an answer.
      mine.setRequestHandler('elicitation/create', async ({ params }) => {
        asked.push(params.message);
        return { action: 'decline' };
      });
      mine.onerror = (cause) =>
        log.debug('an MCP connection complains', { server: server.id, error: cause.message });
      await mine.connect(opened.transport, { timeout: connectTimeoutMs });
      const { tools: list } = await mine.listTools(undefined, { timeout: connectTimeoutMs });
      if (closed) throw new AtelierError('cancelled', `The MCP server ${server.title} is switched off.`);
      const now: Live = { client: mine, open: opened, asked };
      live = now;
      mine.onclose = () => lost(now, new Error('the connection was closed'));
      mine.autoOpenedSubscription?.closed.then((why) => {
        if (why !== 'local') lost(now, new Error('the stream of changes ended'));
      });
      const about = mine.getServerVersion();
      named = {
        name: about?.name ?? server.title,
        version: about?.version ?? '',
        protocol: mine.getNegotiatedProtocolVersion() ?? null,
      };
      failures = 0;
      takeTools(list);
      become('connected', null);
      return now;
    } catch (cause) {
      const complaints = opened?.complaints() ?? '';
      await dispose(client, opened);
      const why = connectError(server.title, cause, complaints);
      if (closed) throw why;
      if (isLasting(why)) become('failed', why);
      else again(why);
      throw why;
    }
  }

  function again(why: AtelierError) {
    const [first, longest] = retryMs;
    const wait = Math.min(longest, first * 2 ** failures++);
    retry = setTimeout(() => {
      ensure().catch((cause: unknown) =>
        log.info('an MCP server is still away', { server: server.id, error: String(cause) }),
      );
    }, wait);
    retry.unref();
    become('waiting', why);
  }

  /** Its tools stay listed: a call tries to connect once more. */
  function lost(gone: Live, cause: unknown) {
    if (live !== gone || closed) return;
    live = null;
    const complaints = gone.open.complaints();
    void dispose(gone.client, gone.open);
    again(connectError(server.title, cause, complaints));
  }

  async function dispose(client: Client | null, opened: OpenTransport | null): Promise<void> {
    try {
      if (client !== null) client.onclose = () => {};
      await client?.close();
      await opened?.transport.close();
      await opened?.dispose();
    } catch (cause) {
      log.debug('an MCP connection did not close cleanly', { server: server.id, error: String(cause) });
    }
  }

  async function call(tool: Tool, input: Record<string, unknown>, context: ToolContext): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      const now = await ensure();
      const askedBefore = now.asked.length;
      try {
        const result = await now.client.callTool(
          { name: tool.name, arguments: input },
          {
            signal: context.signal,
            timeout: server.timeoutMs,
            onprogress: ({ progress, total, message }) =>
              context.emit({
                type: 'tool-progress',
                done: progress,
                total: total ?? null,
                message: message ?? null,
              }),
          },
        );
        const notes = now.asked.slice(askedBefore).map((message) => {
          const asked = message.slice(0, 200);
          return noticeOf(
            'server_asked',
            `${server.title} asked the person: ${JSON.stringify(asked)}. Atelier cannot ask that yet and declined.`,
            { server: server.title, asked },
          );
        });
        return mapResult(result, notes);
      } catch (cause) {
        context.signal.throwIfAborted();
        if (isLost(cause)) lost(now, cause);
        // Once, and only what certainly had no effect.
        if (attempt === 0 && neverArrived(cause)) continue;
        throw callError(server.title, tool.name, cause);
      }
    }
  }

  return {
    status: () => ({
      id: server.id,
      state,
      error: error?.toJSON() ?? null,
      protocolVersion: live === null ? null : (named?.protocol ?? null),
      serverName: named?.name ?? null,
      serverVersion: named?.version ?? null,
      tools: tools.length,
    }),
    tools: () => tools,
    faults: () =>
      error === null
        ? faults
        : [{ source: 'mcp', origin: server.id, name: null, error: error.toJSON() }, ...faults],
    connect: () => ensure().then(() => {}),
    async close() {
      closed = true;
      if (retry !== null) clearTimeout(retry);
      const gone = live;
      live = null;
      await connecting?.catch(() => {});
      if (gone !== null) await dispose(gone.client, gone.open);
      tools = [];
      become('off', null);
    },
  };
}
