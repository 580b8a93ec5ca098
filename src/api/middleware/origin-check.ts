// A page of another site may not call this server, by any method: browsers send Origin with what could do harm, and
// Sec-Fetch-Site with the rest. Programs send neither and pass. CORS is never opened.
import { createMiddleware } from 'hono/factory';
import { AtelierError } from '../../contracts/errors.ts';
import type { ApiEnv } from '../services.ts';

function sameOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host.toLowerCase() === host.toLowerCase();
}

export const originCheck = createMiddleware<ApiEnv>(async (c, next) => {
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  // Following a link to our page from elsewhere is allowed; it reads nothing for the other page.
  const navigation = c.req.header('sec-fetch-mode') === 'navigate' && c.req.method === 'GET';
  const foreign =
    (origin !== undefined && !sameOrigin(origin, host)) ||
    ((site === 'cross-site' || site === 'same-site') && !navigation);
  if (foreign) {
    throw new AtelierError(
      'origin_not_allowed',
      `A page of ${origin ?? 'another site'} may not call this server. Open http://${host} itself, or call it from a program.`,
      { data: { origin: origin ?? null, site: site ?? null } },
    );
  }
  await next();
});
