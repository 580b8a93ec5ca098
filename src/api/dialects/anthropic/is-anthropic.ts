// Whether a request under /v1 is of an Anthropic client: by its address, or by the version that every one of them sends.
import type { Context } from 'hono';

export const isAnthropic = (c: Pick<Context, 'req'>): boolean =>
  c.req.path === '/v1/messages' ||
  c.req.path.startsWith('/v1/messages/') ||
  c.req.header('anthropic-version') !== undefined;
