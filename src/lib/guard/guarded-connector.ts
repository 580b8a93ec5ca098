// Opens the connections of guarded requests. The name is looked up here, once, and the connection goes to an address
// that was checked: what the name means a moment later (DNS rebinding) no longer matters.
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction, type Socket, connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { closedAddress } from './addresses.ts';
import { GuardError } from './guard-error.ts';
import { openTunnel, proxyFor } from './proxy-tunnel.ts';

export interface Resolved {
  address: string;
  family: number;
}
export type Resolver = (host: string) => Promise<readonly Resolved[]>;

export interface ConnectorOptions {
  resolve?: Resolver;
  env: NodeJS.ProcessEnv;
  ca: string[];
  timeoutMs: number;
  /** A name that this machine cannot look up is left to the proxy; it then decides what the name means. */
  proxyResolves: boolean;
  isAllowed(host: string, port: number): boolean;
}

export interface Target {
  host: string;
  port: number;
  secure: boolean;
}

const systemResolve: Resolver = (host) => systemLookup(host, { all: true, verbatim: true });

export function createConnector(options: ConnectorOptions): (target: Target) => Promise<Socket> {
  const { resolve = systemResolve, env, ca, timeoutMs, proxyResolves, isAllowed } = options;

  return async (target) => {
    const { host, port, secure } = target;
    const signal = AbortSignal.timeout(timeoutMs);
    const proxy = proxyFor(env, secure, host, port);
    const addresses = await look(host, port, proxy !== null);
    const raw =
      proxy === null
        ? await openDirect(host, port, addresses ?? [], signal)
        : await openTunnel(proxy, pick(addresses) ?? host, port, { ca, signal });
    return secure ? await secureSocket(raw, host, ca, signal) : raw;
  };

  /** The checked addresses of a name; null when the proxy is to look it up. */
  async function look(host: string, port: number, proxied: boolean): Promise<readonly Resolved[] | null> {
    const allowed = isAllowed(host, port);
    let found: readonly Resolved[];
    try {
      found = isIP(host) === 0 ? await resolve(host) : [{ address: host, family: isIP(host) }];
    } catch (cause) {
      if (proxied && (proxyResolves || allowed)) return null;
      const next = proxied
        ? ' Behind this proxy names may be known only to the proxy itself; it can be trusted with them in the settings.'
        : '';
      throw new GuardError('fetch_failed', `The name ${host} is not known.${next}`, { host }, cause);
    }
    if (found.length === 0)
      throw new GuardError('fetch_failed', `The name ${host} has no address.`, { host });
    if (!allowed) {
      // One closed address among open ones is a trap or a fault; neither is worth a request.
      for (const { address } of found) {
        const what = closedAddress(address);
        if (what !== null)
          throw new GuardError(
            'address_refused',
            `${host} may not be fetched: its address ${address} is ${what}.`,
            {
              host,
              address,
            },
          );
      }
    }
    return found;
  }
}

const pick = (addresses: readonly Resolved[] | null) =>
  (addresses?.find(({ family }) => family === 4) ?? addresses?.[0])?.address;

async function openDirect(
  host: string,
  port: number,
  addresses: readonly Resolved[],
  signal: AbortSignal,
): Promise<Socket> {
  const checked = addresses.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
  const lookup: LookupFunction = (_name, { all }, done) => {
    const first = checked[0];
    if (all) done(null, checked);
    else if (first !== undefined) done(null, first.address, first.family);
  };
  const socket = tcpConnect({ host, port, lookup, autoSelectFamily: true, noDelay: true });
  await arrived(socket, 'connect', host, signal);
  const reached = socket.remoteAddress;
  if (!checked.some(({ address }) => address === reached)) {
    socket.destroy();
    throw new GuardError('address_refused', `${host} led to ${reached}, which was not checked.`, { host });
  }
  return socket;
}

async function secureSocket(raw: Socket, host: string, ca: string[], signal: AbortSignal): Promise<Socket> {
  const socket = tlsConnect({
    socket: raw,
    host,
    ca,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  await arrived(socket, 'secureConnect', host, signal);
  return socket;
}

function arrived(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  host: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = () =>
      socket.destroy(new GuardError('timed_out', `${host} did not accept a connection in time.`, { host }));
    const failed = (error: Error) => {
      signal.removeEventListener('abort', late);
      const known = error instanceof GuardError;
      reject(
        known
          ? error
          : new GuardError('fetch_failed', `${host} could not be reached: ${said(error)}`, { host }, error),
      );
    };
    socket.once('error', failed);
    socket.once(event, () => {
      signal.removeEventListener('abort', late);
      socket.off('error', failed);
      resolve();
    });
    if (signal.aborted) late();
    else signal.addEventListener('abort', late, { once: true });
  });
}

/** Of several attempts the first failure. */
const said = (error: Error) =>
  error instanceof AggregateError
    ? String((error.errors[0] as Error | undefined)?.message ?? error.message)
    : error.message;
