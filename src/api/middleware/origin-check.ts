// A page of another site may not call this server, by any method: browsers send Origin with what could do harm, and
// Sec-Fetch-Site with the rest. Programs send neither and pass. CORS is never opened.
import { createMiddleware } from 'hono/factory';
import { AtelierError } from '../../contracts/errors.ts';
import type { Reach } from '../reach.ts';
import type { ApiEnv } from '../services.ts';

export const originCheck = ({ publicOrigins }: Reach) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const host = (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase();
    const own = new URL(`${c.get('connection').secure ? 'https' : 'http'}://${host}`).origin;
    const origin = c.req.header('origin');
    const site = c.req.header('sec-fetch-site');
    // Following a link to our page from elsewhere is allowed; it reads nothing for the other page.
    const navigation = c.req.header('sec-fetch-mode') === 'navigate' && c.req.method === 'GET';
    // A proxy may put a Host of its own; the page's origin is then the address that was published.
    const ours =
      origin === undefined || origin.toLowerCase() === own || publicOrigins.includes(origin.toLowerCase());
    const foreign = !ours || ((site === 'cross-site' || site === 'same-site') && !navigation);
    if (foreign) {
      throw new AtelierError(
        'origin_not_allowed',
        `A page of ${origin ?? 'another site'} may not call this server. Open ${own} itself, or call it from a program.`,
        { data: { origin: origin ?? null, site: site ?? null } },
      );
    }
    await next();
  });
