// Who calls. While accounts are off, only this machine can connect and every caller is its user; a key is accepted in
// any carrier and ignored, because clients insist on sending one, unless it is one of ours, whose limits then hold. With
// accounts on, a caller is a key of ours, a session, or the command line of this machine. Who may do what is decided by
// authorise.ts: a caller who is nobody may still see the page and sign in.
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Access } from '../../access/create-access.ts';
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import { type Identity, localIdentity } from '../../contracts/identity.ts';
import { isLoopback, plainAddress } from '../../lib/address-list.ts';
import type { ApiEnv } from '../services.ts';
import { readSessionToken } from '../session-cookie.ts';

export const MACHINE_HEADER = 'x-atelier-machine';

const refusals = {
  noKey:
    'Nobody is signed in and no key was sent. Sign in on the page, or send a key of this Atelier (Authorization: Bearer atl_..., x-api-key or x-goog-api-key).',
  wrongKey:
    'The key that was sent is none of this Atelier. Its keys begin with atl_; who has none can make one under Settings, Keys, or ask an admin.',
  ended: 'The session has ended. Sign in again.',
} as const;

/** Every text that may be a key, from every place where a client puts one. */
function keysIn(c: Context<ApiEnv>): string[] {
  const found: string[] = [];
  const authorization = c.req.header('authorization');
  const [, scheme = '', value = ''] = /^(\w+)\s+(.+)$/.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') found.push(value.trim());
  if (scheme.toLowerCase() === 'basic') {
    const pair = Buffer.from(value, 'base64').toString();
    const colon = pair.indexOf(':');
    found.push(...(colon < 0 ? [pair] : [pair.slice(0, colon), pair.slice(colon + 1)]));
  }
  for (const name of ['x-api-key', 'x-goog-api-key']) {
    const key = c.req.header(name);
    if (key !== undefined) found.push(key.trim());
  }
  const query = c.req.url.includes('key=') ? c.req.query('key') : undefined;
  if (query !== undefined) found.push(query);
  return found.filter((key) => key !== '');
}

/** @throws AtelierError unauthorized for a key of ours that no longer opens */
async function callerOfKeys(access: Access, keys: readonly string[]): Promise<Identity | null> {
  for (const key of keys) {
    const found = access.keys.callerOf(key);
    const identity = found instanceof Promise ? await found : found;
    if (identity !== null) return identity;
  }
  return null;
}

/** The header is only read from programs of this machine: the token is in a file that only its owner can read. */
function isThisMachine(c: Context<ApiEnv>, access: Access): boolean {
  const token = c.req.header(MACHINE_HEADER);
  const peer = c.env?.incoming?.socket.remoteAddress;
  return (
    token !== undefined &&
    (peer === undefined || isLoopback(plainAddress(peer))) &&
    access.isMachineToken(token)
  );
}

/** Browsers say where a change comes from; what says nothing is no page of ours, and a cookie is not for it. */
function requireOrigin(c: Context<ApiEnv>): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) return;
  if (c.req.header('origin') !== undefined || c.req.header('sec-fetch-site') !== undefined) return;
  throw new AtelierError(
    'origin_not_allowed',
    'A change with a session needs the Origin header that browsers send. A program uses an API key instead.',
  );
}

async function identify(c: Context<ApiEnv>, access: Access): Promise<void> {
  if (isThisMachine(c, access)) return c.set('identity', localIdentity);
  const keys = keysIn(c);
  const byKey = keys.length === 0 ? null : await callerOfKeys(access, keys);
  if (byKey !== null) return c.set('identity', byKey);
  if (!access.accountsOn()) return c.set('identity', localIdentity);

  const token = readSessionToken(c);
  if (token !== undefined) {
    const found = access.sessions.callerOf(token);
    const session = found instanceof Promise ? await found : found;
    if (session !== null) {
      requireOrigin(c);
      c.set('identity', session.identity);
      return c.set('sessionId', session.sessionId);
    }
  }
  const why = keys.length > 0 ? 'wrongKey' : token !== undefined ? 'ended' : 'noKey';
  c.set('refusal', new AtelierError('unauthorized', refusals[why]));
}

export const identifyCaller = (access: Access) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const stale = access.fresh();
    if (stale !== undefined) await stale;
    try {
      await identify(c, access);
    } catch (error) {
      if (!isAtelierError(error) || error.code !== 'unauthorized') throw error;
      c.set('refusal', error as AtelierError);
    }
    await next();
  });
