// One line a request: method, path, status and the time to the head of the answer. Never a query, a header or a body.
import { createMiddleware } from 'hono/factory';
import type { Log } from '../../lib/log.ts';
import type { ApiEnv } from '../services.ts';

export const accessLog = (log: Log) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const started = performance.now();
    await next();
    log.info('request', {
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ms: Math.round(performance.now() - started),
      id: c.get('requestId'),
    });
  });
