// Listens on the loopback addresses of both families, or where the configuration says, and stops without cutting what can
// still be finished. What other machines reach needs accounts.
import { createServer as createHttpServer, type Server } from 'node:http';
import { getRequestListener, RequestError } from '@hono/node-server';
import { AtelierError } from '../contracts/errors.ts';
import { isLoopback } from '../lib/address-list.ts';
import { ownErrorBody, statusOf } from './errors.ts';
import { reachOf } from './reach.ts';
import { createServer } from './server.ts';
import type { ApiServices } from './services.ts';
import { openTls, type Tls } from './tls.ts';

export interface Listening {
  port: number;
  /** Where a browser finds it. */
  url: string;
  /** Plain http on loopback, for programs of this machine: they need not know the certificate. */
  localUrl: string;
  /** Takes no new connections, ends event streams, waits for answers under way, then cuts what is left. */
  close(timeoutMs?: number): Promise<void>;
}

type Listener = ReturnType<typeof getRequestListener>;

function bind(listener: Listener, host: string, port: number, tls: Tls | null): Promise<Server> {
  const server: Server = tls === null ? createHttpServer(listener) : tls.createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // `::` is every address of both families.
    server.listen({ host, port, ipv6Only: host !== '::' }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');

function listenError(error: unknown, host: string | null, port: number): AtelierError {
  const choose = 'choose another with --port N (--port 0 takes any free one)';
  if (codeOf(error) === 'EADDRINUSE') {
    return new AtelierError(
      'conflict',
      `Port ${port} is taken by another program. Stop that program, or ${choose}.`,
      {
        cause: error,
        data: { port },
      },
    );
  }
  if (codeOf(error) === 'EADDRNOTAVAIL') {
    return new AtelierError(
      'invalid_request',
      `--host ${host} is no address of this machine. Use one that it has, or 0.0.0.0 for all of them.`,
      { cause: error, data: { host } },
    );
  }
  if (codeOf(error) === 'EACCES') {
    return new AtelierError(
      'forbidden',
      `This account may not listen on port ${port}. Take one above 1023: ${choose}.`,
      {
        cause: error,
        data: { port },
      },
    );
  }
  return new AtelierError(
    'internal',
    `The server cannot listen on port ${port}: ${error instanceof Error ? error.message : error}`,
    {
      cause: error,
      data: { port },
    },
  );
}

/** What is no request at all (a backslash in the path, a Host that is no host) never reaches the routes. */
function unreadable(thrown: unknown): Response {
  const readable = !(thrown instanceof RequestError);
  const error = readable
    ? new AtelierError('internal', 'The request could not be handled.', { cause: thrown })
    : new AtelierError('invalid_request', `The request cannot be read: ${thrown.message}.`);
  return Response.json(ownErrorBody(error), { status: statusOf(error) });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('a listening server has an address and a port');
  return address.port;
}

/** Both families on one port, because `localhost` is the one or the other. A machine without IPv6 has the one. */
async function bindAll(
  listener: Listener,
  hosts: readonly string[],
  port: number,
  tls: Tls | null,
): Promise<Server[]> {
  const servers: Server[] = [];
  try {
    for (const host of hosts) {
      try {
        servers.push(await bind(listener, host, servers[0] ? portOf(servers[0]) : port, tls));
      } catch (error) {
        const absent = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error));
        if (!(absent && host === '::1' && hosts.length > 1)) throw error;
      }
    }
    return servers;
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
}

/** Where `localhost` leads, both families where there are both. */
function hostsOf(host: string | null): string[] {
  if (host === null || host === 'localhost') return ['127.0.0.1', '::1'];
  return host === '0.0.0.0' ? ['0.0.0.0', '::1'] : [host];
}

/** Without accounts whoever can connect may do everything. */
function requireAccounts({ config, access }: ApiServices): void {
  const { beyondLoopback, listensBeyond, publicOrigins } = reachOf(config);
  if (!beyondLoopback || access.accountsOn()) return;
  const what = listensBeyond ? `--host ${config.host}` : `--public-url ${publicOrigins.join(',')}`;
  throw new AtelierError(
    'forbidden',
    `${what} is refused: without accounts only this machine may connect. Add a person first: atelier users add`,
    { data: { host: config.host, publicUrls: publicOrigins } },
  );
}

/**
 * @throws AtelierError conflict when the port is taken: the next one is never tried; forbidden when other machines could
 * connect and accounts are off
 */
export async function listen(services: ApiServices): Promise<Listening> {
  requireAccounts(services);
  const { host, port, publicUrls = [] } = services.config;
  const tls = services.config.tls ? await openTls(services.config.tls, services.log) : null;
  const shutdown = new AbortController();
  const app = createServer(services, { shutdown: shutdown.signal });
  const listener = getRequestListener(
    app.fetch as (request: Request, env: unknown) => Response | Promise<Response>,
    { errorHandler: unreadable },
  );
  const hosts = hostsOf(host);

  let servers: Server[] | null = null;
  for (let attempt = 0; servers === null; attempt++) {
    try {
      servers = await bindAll(listener, hosts, port, tls);
    } catch (error) {
      // Any free port was asked for, and the one found in the first family is taken in the second: look again.
      if (port !== 0 || codeOf(error) !== 'EADDRINUSE' || attempt >= 10) throw listenError(error, host, port);
    }
  }
  const bound = servers;
  const [first] = bound as [Server, ...Server[]];
  const everywhere = host === null || ['localhost', '0.0.0.0', '::'].includes(host);
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const url = `${tls === null ? 'http' : 'https'}://${name}:${portOf(first)}`;
  let localUrl = url;
  if (tls !== null || !(everywhere || isLoopback(host))) {
    const inner = await bind(listener, '127.0.0.1', 0, null);
    bound.push(inner);
    localUrl = `http://127.0.0.1:${portOf(inner)}`;
  }

  return {
    port: portOf(first),
    url: publicUrls[0] ?? url,
    localUrl,
    async close(timeoutMs = 1500) {
      const closed = bound.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      shutdown.abort(new DOMException('The server stops.', 'AbortError'));
      // A connection that becomes idle after its last answer would be kept alive for seconds.
      const closeIdle = () => {
        for (const server of bound) server.closeIdleConnections();
      };
      closeIdle();
      const sweep = setInterval(closeIdle, 50);
      const cut = setTimeout(() => {
        for (const server of bound) server.closeAllConnections();
      }, timeoutMs);
      await Promise.all(closed);
      tls?.close();
      clearTimeout(cut);
      clearInterval(sweep);
    },
  };
}
