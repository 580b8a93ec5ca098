// Parts that route definitions are put together from, so that every file in routes/ reads alike.
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Identity } from '../contracts/identity.ts';
import { validationError } from './errors.ts';
import type { ApiEnv } from './services.ts';

/** A router whose validators throw our own error; where it is mounted decides the shape. */
export function createRouter(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw validationError(result.error.issues);
    },
  });
}

export function jsonContent<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

export function jsonBody<S extends z.ZodType>(schema: S) {
  return { required: true as const, content: { 'application/json': { schema } } };
}

export const noContent = { description: 'Done; nothing to say' };
export const eventStream = {
  description: 'Server-sent events',
  content: { 'text/event-stream': { schema: z.string() } },
};
export const jsonLines = {
  description: 'One JSON value a line',
  content: { 'application/x-ndjson': { schema: z.string() } },
};

/** Ids reach the store, and PostgreSQL has no NUL in text. */
export const idSchema = z
  .string()
  .min(1)
  .max(512)
  .refine((id) => !id.includes('\0'), 'contains a NUL character');
export const idParam = z.object({ id: idSchema });

/** A page of a list that begins with what was made last; see store/cursor-page.ts. */
export const newestQuery = z.object({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

/** Fields that were not sent are not there, which is what the services' types say. */
export const sent = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

/** Whose rows a listing shows: null is everybody's. */
export function ledgerScope(identity: Identity): string | null {
  return identity.role === 'admin' || identity.role === 'auditor' ? null : identity.userId;
}

/** Which of our own surfaces sent a request; it becomes the trace's source. */
export function clientOf(c: Context<ApiEnv>): 'page' | 'cli' {
  return c.req.header('x-atelier-client') === 'cli' ? 'cli' : 'page';
}

/** The same for calls that other programs make too: without our header it is the API. */
export function sourceOf(c: Context<ApiEnv>): 'page' | 'cli' | 'api' {
  const client = c.req.header('x-atelier-client');
  return client === 'cli' ? 'cli' : client === 'web' ? 'page' : 'api';
}

/** A body of lines, of JSON unless another type is named, read at the pace of the client. */
export function linesResponse(
  lines: AsyncIterable<string>,
  filename: string,
  contentType = 'application/x-ndjson',
): Response {
  const iterator = lines[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value.endsWith('\n') ? next.value : `${next.value}\n`));
    },
    async cancel() {
      await iterator.return?.(undefined);
    },
  });
  return new Response(body, {
    headers: {
      'content-type': `${contentType}; charset=utf-8`,
      'content-disposition': `attachment; filename="${filename}"`,
    },
  });
}
