// Every answer carries `x-request-id`: the caller's own where it is fit to be logged, else a new one. Anthropic's clients
// look for it under another name.
import { createMiddleware } from 'hono/factory';
import { newId } from '../../lib/ids.ts';
import { isAnthropic } from '../dialects/anthropic/is-anthropic.ts';
import type { ApiEnv } from '../services.ts';
import { withHeaders } from './early-headers.ts';

export const requestId = createMiddleware<ApiEnv>(async (c, next) => {
  const given = c.req.header('x-request-id');
  const id = given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : newId('req');
  c.set('requestId', id);
  await withHeaders(
    c,
    isAnthropic(c) ? { 'x-request-id': id, 'request-id': id } : { 'x-request-id': id },
    next,
  );
});
