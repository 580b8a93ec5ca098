// Who is at the other end, and whether what they send is encrypted on the way. What a proxy says of that counts only from
// proxies that were named: anybody can write those headers.
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { plainAddress } from '../../lib/address-list.ts';
import type { Reach } from '../reach.ts';
import type { ApiEnv } from '../services.ts';

export interface Connection {
  address: string;
  secure: boolean;
  /** The port that the request came in by; of a request without a socket, the configured one. */
  port: number;
}

export const connection = (reach: Reach, port: number) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    c.set('connection', connectionOf(c, reach, port));
    await next();
  });

function connectionOf(c: Context<ApiEnv>, { trusts, publicOrigins }: Reach, port: number): Connection {
  const socket = c.env?.incoming?.socket;
  // Only this process itself calls without a socket.
  const peer = plainAddress(socket?.remoteAddress ?? '127.0.0.1');
  const encrypted = socket !== undefined && 'encrypted' in socket && socket.encrypted === true;
  const host = c.req.header('host');
  // A name that is only reached by https came by https, whether or not the proxy says so.
  const byName = host !== undefined && publicOrigins.includes(`https://${host.toLowerCase()}`);
  const own: Connection = { address: peer, secure: encrypted || byName, port: socket?.localPort ?? port };
  if (!trusts(peer)) return own;
  // Each proxy adds whom it saw at the end; the first from there that is no proxy of ours is the caller.
  const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => plainAddress(hop.trim()));
  const caller = hops.findLast((hop) => hop !== '' && !trusts(hop));
  const scheme = c.req.header('x-forwarded-proto')?.split(',').at(-1)?.trim().toLowerCase();
  return {
    ...own,
    address: caller ?? peer,
    secure: scheme === undefined ? own.secure : scheme === 'https',
  };
}
