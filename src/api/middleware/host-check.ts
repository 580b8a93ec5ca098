// Refuses a Host header that is not an address of this server. A foreign page can point a name of its own at 127.0.0.1
// (DNS rebinding) and would then count as same-origin; its Host header still carries that name.
import { createMiddleware } from 'hono/factory';
import { AtelierError } from '../../contracts/errors.ts';
import type { ApiEnv } from '../services.ts';

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** `port` is the configured one, for requests without a socket. */
export const hostCheck = (port: number) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const host = (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase();
    const own = c.env?.incoming?.socket.localPort ?? port;
    const allowed = [...loopback.map((name) => `${name}:${own}`), ...(own === 80 ? loopback : [])];
    if (!allowed.includes(host)) {
      throw new AtelierError(
        'host_not_allowed',
        `The Host header ${JSON.stringify(host)} names no address of this server. Use http://localhost:${own}; a forwarded port must have the same number.`,
        { data: { host, allowed } },
      );
    }
    await next();
  });
