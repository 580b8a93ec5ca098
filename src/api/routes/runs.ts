// Runs: what writes an answer. Its events can be read from any point, so a reload or a second tab picks the stream up.
import { createRoute, z } from '@hono/zod-openapi';
import { runSchema } from '../../contracts/run.ts';
import { sseHeaders, sseResponse } from '../../lib/sse.ts';
import { createRouter, eventStream, idParam, jsonContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const tags = ['runs'];

/** `shutdown` ends the streams of a server that stops. */
export function runRoutes({ runs }: ApiServices, shutdown: AbortSignal) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/runs/{id}',
        tags,
        summary: 'A run',
        request: { params: idParam },
        responses: { 200: jsonContent(runSchema, 'The run') },
      }),
      async (c) => c.json(await runs.get(c.req.valid('param').id, c.get('identity').userId), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/runs/{id}/events',
        tags,
        summary: 'The events of a run after a number, then live ones until it ends',
        description:
          'Each event has its number as `id` and a LoggedEvent as `data`. Last-Event-ID works like `after`.',
        request: {
          params: idParam,
          query: z.object({ after: z.coerce.number().int().min(0).optional() }),
          headers: z.object({ 'last-event-id': z.string().optional() }),
        },
        responses: { 200: eventStream },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const { userId } = c.get('identity');
        // A reconnecting EventSource keeps the address and adds its header, so the header is the newer of the two.
        const last = /^\d{1,15}$/.exec(c.req.header('last-event-id') ?? '')?.[0];
        const after = last === undefined ? (c.req.valid('query').after ?? 0) : Number(last);
        await runs.get(id, userId);
        if (c.req.raw.method === 'HEAD') return c.body(null, 200, sseHeaders()) as never;
        return sseResponse(
          async function* (signal) {
            for await (const event of runs.watch(id, userId, after, signal))
              yield { id: String(event.seq), data: JSON.stringify(event) };
          },
          { signals: [c.req.raw.signal, shutdown] },
        ) as never;
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/atelier/v1/runs/{id}/cancel',
        tags,
        summary: 'Stop a run; what it wrote is kept',
        request: { params: idParam },
        responses: { 202: jsonContent(runSchema, 'The run, which may still be ending') },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const { userId } = c.get('identity');
        await runs.cancel(id, userId);
        return c.json(await runs.get(id, userId), 202);
      },
    );
}
