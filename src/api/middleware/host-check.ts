// Refuses a Host header that is not an address of this server. A foreign page can point a name of its own at 127.0.0.1
// or at any server of a house (DNS rebinding) and would then count as same-origin; its Host header still carries that
// name. A number is no name: nobody can point it elsewhere.
import { isIP } from 'node:net';
import { createMiddleware } from 'hono/factory';
import { AtelierError } from '../../contracts/errors.ts';
import type { Reach } from '../reach.ts';
import type { ApiEnv } from '../services.ts';

const loopback = ['localhost', '127.0.0.1', '[::1]'];

export const hostCheck = ({ listensBeyond, beyondLoopback, publicOrigins }: Reach) => {
  const published = new Set(publicOrigins.map((origin) => new URL(origin).host));
  return createMiddleware<ApiEnv>(async (c, next) => {
    const host = (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase();
    const { port: own, secure } = c.get('connection');
    const usual = own === (secure ? 443 : 80);
    const name = host.endsWith(`:${own}`) ? host.slice(0, -`:${own}`.length) : usual ? host : null;
    const known =
      name !== null &&
      (loopback.includes(name) || (listensBeyond && isIP(name.replace(/^\[|\]$/g, '')) !== 0));
    // A browser leaves the usual port out, and a program may not.
    const isPublic = published.has(host) || published.has(host.replace(/:(80|443)$/, ''));
    if (!known && !isPublic) {
      const allowed = [...loopback.map((name) => `${name}:${own}`), ...published];
      const remedy = beyondLoopback
        ? 'A name that others use is given with --public-url (or ATELIER_PUBLIC_URL).'
        : `Use http://localhost:${own}; a forwarded port must have the same number.`;
      throw new AtelierError(
        'host_not_allowed',
        `The Host header ${JSON.stringify(host)} names no address of this server. ${remedy}`,
        { data: { host, allowed } },
      );
    }
    await next();
  });
};
