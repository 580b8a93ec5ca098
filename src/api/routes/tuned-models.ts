// Tuned models: what training made, with size, speed, perplexity and parity of each file.
import { createRoute, z } from '@hono/zod-openapi';
import { taskSchema } from '../../contracts/task.ts';
import { tunedFileSchema, tunedModelSchema } from '../../contracts/tuned-model.ts';
import { createRouter, idParam, jsonBody, jsonContent, noContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/tuned-models';
const tags = ['learning'];

export function tunedModelRoutes({
  learning: { tunedModels },
  access: { audit },
}: Pick<ApiServices, 'learning' | 'access'>) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Tuned models, newest first',
        responses: {
          200: jsonContent(z.object({ models: z.array(tunedModelSchema) }), 'The tuned models'),
        },
      }),
      async (c) => c.json({ models: await tunedModels.list(c.get('identity')) }, 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}`,
        tags,
        summary: 'A tuned model',
        request: { params: idParam },
        responses: { 200: jsonContent(tunedModelSchema, 'The tuned model') },
      }),
      async (c) => c.json(await tunedModels.get(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tags,
        summary: 'Remove a tuned model with its files, unless an alias or a promotion asks for it',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        const who = c.get('identity');
        const { id } = c.req.valid('param');
        const { model } = await tunedModels.get(who, id);
        await tunedModels.remove(who, id);
        await audit.record(who, 'tuned-model.remove', model, { id });
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/files`,
        tags,
        summary: 'Make another file of it: an adapter that can be asked, or a merged one in another form',
        request: {
          params: idParam,
          body: jsonBody(tunedFileSchema.pick({ form: true, quantisation: true })),
        },
        responses: { 202: jsonContent(taskSchema, 'The task that makes it') },
      }),
      async (c) =>
        c.json(
          await tunedModels.makeFile(c.get('identity'), c.req.valid('param').id, c.req.valid('json')),
          202,
        ),
    );
}
