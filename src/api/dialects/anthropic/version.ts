// The versions of Anthropic's wire. Clients of 2026-10-21 (Bearer) expect a few fields more than those of 2023-06-01
// (x-api-key); the others are the same in both.
import type { Context } from 'hono';

/** Whether the caller speaks 2026-10-21 or later: dates compare as text. */
export const isRecent = (c: Pick<Context, 'req'>): boolean =>
  (c.req.header('anthropic-version') ?? '') >= '2026-10-21';
