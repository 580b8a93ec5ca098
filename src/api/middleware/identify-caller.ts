// Who calls. While accounts are off, only this machine can connect and every caller is its user; a key is accepted in
// any carrier and ignored, because clients insist on sending one.
import { createMiddleware } from 'hono/factory';
import { localIdentity } from '../../contracts/identity.ts';
import type { ApiEnv } from '../services.ts';

export const identifyCaller = createMiddleware<ApiEnv>(async (c, next) => {
  c.set('identity', localIdentity);
  await next();
});
