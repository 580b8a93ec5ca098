// GET /v1/models and /v1/models/{id}: only what can answer now, the default first.
import { createRoute, z } from '@hono/zod-openapi';
import { AtelierError, isAtelierError } from '../../../contracts/errors.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import { askableModel, askableModels } from '../../askable-models.ts';
import { createRouter, idParam, jsonContent } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';

const modelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.number(),
  owned_by: z.string(),
});

const toModel = ({ id, createdAt, provider }: ModelInfo) => ({
  id,
  object: 'model' as const,
  created: Math.floor(createdAt / 1000),
  owned_by: provider,
});

export function openAiModelRoutes({ registry }: Pick<ApiServices, 'registry'>) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/v1/models',
        tags: ['openai'],
        summary: 'Models that can answer now',
        responses: {
          200: jsonContent(z.object({ object: z.literal('list'), data: z.array(modelSchema) }), 'The models'),
        },
      }),
      async (c) => {
        // A classifier answers the decision call alone, which this wire has not.
        const answering = (await askableModels(registry, c.get('identity'))).filter(
          ({ state, kind }) => state !== 'failed' && kind !== 'classifier',
        );
        return c.json({ object: 'list' as const, data: answering.map(toModel) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/v1/models/{id{.+}}',
        tags: ['openai'],
        summary: 'A model by its id or alias, a slash in it plain or as %2F',
        request: { params: idParam },
        responses: { 200: jsonContent(modelSchema, 'The model') },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        try {
          return c.json(toModel(await askableModel(registry, c.get('identity'), id)), 200);
        } catch (error) {
          // Asking whether a model is here has an answer, also while it is still being fetched.
          if (!isAtelierError(error) || error.code !== 'model_loading') throw error;
          throw new AtelierError('model_not_found', error.message, { data: error.data, cause: error });
        }
      },
    );
}
