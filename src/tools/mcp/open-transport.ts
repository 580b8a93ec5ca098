// The way to a configured server: a child process with little of our environment, or HTTP through the guard.
import type { Transport } from '@modelcontextprotocol/client';
import type { McpTransport } from '../../contracts/mcp.ts';
import { createGuardedFetch, type GuardedFetchOptions } from '../../lib/guarded-fetch.ts';
import { createTransportFetch } from './guarded-transport-fetch.ts';

export interface TransportOptions {
  /** Where children start when their row names no folder. */
  defaultCwd: string;
  guard?: Pick<GuardedFetchOptions, 'env' | 'resolve' | 'proxyResolves'>;
}

export interface OpenTransport {
  transport: Transport;
  /** The end of what a child wrote on stderr, for the person who configured it. */
  complaints(): string;
  /** Frees what the transport itself does not. */
  dispose(): Promise<void>;
}

const KEPT_COMPLAINTS = 4000;

export async function openTransport(config: McpTransport, options: TransportOptions): Promise<OpenTransport> {
  if (config.kind === 'stdio') {
    const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
    // The client adds HOME, PATH and the like and nothing else of this process: no keys, no proxies.
    const transport = new StdioClientTransport({
      command: config.command,
      args: config.args,
      env: config.env,
      cwd: config.cwd ?? options.defaultCwd,
      stderr: 'pipe',
    });
    let kept = '';
    transport.stderr?.on('data', (chunk: Buffer) => {
      kept = (kept + chunk.toString('utf8')).slice(-KEPT_COMPLAINTS);
    });
    return { transport, complaints: () => kept.trim(), dispose: async () => {} };
  }
  const url = new URL(config.url);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const guarded = createGuardedFetch({
    ...options.guard,
    // A person may name any port of a public host; only `allowLocal` opens this machine and its network.
    ports: [Number(port)],
    ...(config.allowLocal ? { allow: [`${url.hostname}:${port}`] } : {}),
  });
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const transport = new StreamableHTTPClientTransport(url, {
    fetch: createTransportFetch(guarded),
    requestInit: { headers: config.headers },
  });
  return { transport, complaints: () => '', dispose: guarded.close };
}
