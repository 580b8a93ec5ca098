// GET /health: 200 from the moment the server listens, with readiness in the body.
import { createRoute } from '@hono/zod-openapi';
import { isServed } from '../../contracts/model.ts';
import { healthSchema } from '../../contracts/system.ts';
import { createRouter, jsonContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

export function healthRoutes({ version, startedAt, store, registry, library }: ApiServices) {
  return createRouter().openapi(
    createRoute({
      method: 'get',
      path: '/health',
      tags: ['system'],
      summary: 'Whether the server is up and a model can answer',
      responses: { 200: jsonContent(healthSchema, 'Up') },
    }),
    async (c) => {
      const models = await registry.list();
      return c.json(
        {
          status: 'ok' as const,
          version,
          ready: models.some(
            (model) =>
              model.kind === 'chat' &&
              model.place.kind !== 'scripted' &&
              model.state !== 'failed' &&
              model.state !== 'unreachable' &&
              !isServed(model),
          ),
          store: store.kind,
          uptimeSeconds: Math.round((Date.now() - startedAt) / 1000),
          firstRun: library.firstRun(),
        },
        200,
      );
    },
  );
}
