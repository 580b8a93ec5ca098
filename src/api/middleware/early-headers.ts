// Headers that every answer has: given to the socket's own response before anything else, where the answer's headers win
// over them. On the answer itself each would cost a copy of all its headers, on every call.
import type { Context, Next } from 'hono';
import type { ApiEnv } from '../services.ts';

export async function withHeaders(
  c: Context<ApiEnv>,
  headers: Readonly<Record<string, string>>,
  next: Next,
): Promise<void> {
  const outgoing = c.env?.outgoing;
  if (outgoing) for (const name in headers) outgoing.setHeader(name, headers[name] ?? '');
  await next();
  if (outgoing) return;
  // Without a socket there is only the answer.
  for (const name in headers) if (!c.res.headers.has(name)) c.header(name, headers[name]);
}
