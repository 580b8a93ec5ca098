// Through which proxy a host is reached, and the tunnel there (CONNECT, RFC 9110 9.3.6). The guard names the address
// that it has checked, so that the proxy cannot be led elsewhere by its own name service.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { GuardError } from './guard-error.ts';

/** The proxy for a host from HTTP_PROXY, HTTPS_PROXY and NO_PROXY (small letters win), or null. */
export function proxyFor(env: NodeJS.ProcessEnv, secure: boolean, host: string, port: number): URL | null {
  const read = (name: string) => env[name.toLowerCase()] ?? env[name];
  const address = (secure ? read('HTTPS_PROXY') : undefined) ?? read('HTTP_PROXY');
  if (address === undefined || address === '') return null;
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return null;
  const direct = (read('NO_PROXY') ?? '').split(/[\s,]+/).filter(Boolean);
  const passes = direct.some((entry) => {
    if (entry === '*') return true;
    const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (only !== undefined && Number(only) !== port) return false;
    const bare = name.replace(/^\*?\./, '');
    return host === bare || host.endsWith(`.${bare}`);
  });
  return passes ? null : new URL(address.includes('://') ? address : `http://${address}`);
}

export interface TunnelOptions {
  ca: string[];
  signal: AbortSignal;
}

/** A connection to `host` (an address, or a name that the proxy looks up) on the far side of the proxy. */
export function openTunnel(
  proxy: URL,
  host: string,
  port: number,
  { ca, signal }: TunnelOptions,
): Promise<Socket> {
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const login =
    proxy.username === ''
      ? null
      : `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const secure = proxy.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (secure ? 443 : 80) : Number(proxy.port),
      path: target,
      headers: {
        host: target,
        ...(login === null
          ? {}
          : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
      },
      agent: false,
      signal,
      ...(secure ? { ca } : {}),
    });
    const fail = (why: string, cause?: unknown) =>
      reject(
        new GuardError(
          'fetch_failed',
          `The proxy ${proxy.host} did not open a way to ${target}: ${why}`,
          { proxy: proxy.host },
          cause,
        ),
      );
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        fail(`it answered ${response.statusCode}.`);
      }
    });
    request.once('response', (response) => {
      response.resume();
      fail(`it answered ${response.statusCode}.`);
    });
    request.once('error', (error) => fail(error.message, error));
    request.end();
  });
}
