// Whether this caller may use this route, by the table in route-rules.ts. Whose things they are is asked in the queries.
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { AtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Log } from '../../lib/log.ts';
import { isFullKeyOnly, type Rule, ruleOf } from '../route-rules.ts';
import type { ApiEnv } from '../services.ts';

/** A key for some models or apps may call them; people, keys and what is spent are not its business. */
const isLimited = ({ models, apps }: Identity) => (models ?? apps ?? null) !== null;

function refuse(c: Context<ApiEnv>, { role }: Identity, rule: Exclude<Rule, 'public'>): AtelierError {
  const { method, path } = c.req;
  return new AtelierError(
    'forbidden',
    `${method} ${path} is for ${rule.join(', ')}, and this caller is ${role}. An admin can change the role.`,
    { data: { role, allowed: rule } },
  );
}

export const authorise = (log: Log) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    // Unset when nobody is known.
    const who: Identity | undefined = c.get('identity');
    for (const { method, path } of matchedRoutes(c)) {
      const rule = ruleOf(method, path);
      if (rule === 'middleware' || rule === 'public') continue;
      if (who === undefined) {
        c.header('www-authenticate', 'Bearer realm="atelier"');
        throw c.get('refusal') ?? new AtelierError('unauthorized', 'Sign in, or send a key of this Atelier.');
      }
      if (rule === null) {
        // Without accounts there is one person, who may do everything; a test names the route.
        if (who.role === 'admin' && who.keyId === undefined) continue;
        log.error('a route has no row in route-rules.ts, so it is refused', { route: `${method} ${path}` });
        throw new AtelierError('forbidden', `Nobody has said who may use ${method} ${path}.`);
      }
      if (!rule.includes(who.role)) throw refuse(c, who, rule);
      if (isFullKeyOnly(path) && isLimited(who))
        throw new AtelierError(
          'forbidden',
          `This key is limited to some models or apps; ${c.req.path} takes a key without limits, or a session.`,
        );
    }
    await next();
  });
