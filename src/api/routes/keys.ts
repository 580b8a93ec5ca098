// API keys. The secret is in the answer to its making and nowhere else.
import { createRoute, z } from '@hono/zod-openapi';
import {
  type ApiKeyInput,
  apiKeyInputSchema,
  apiKeySchema,
  createdApiKeySchema,
} from '../../contracts/access.ts';
import { createRouter, idParam, idSchema, jsonBody, jsonContent, ledgerScope } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/keys';
const tags = ['access'];

export function keyRoutes({ access: { keys } }: Pick<ApiServices, 'access'>) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Keys, newest first: one’s own; everybody’s for admins and auditors',
        request: { query: z.object({ userId: idSchema.optional().describe('Only those of this person') }) },
        responses: { 200: jsonContent(z.object({ keys: z.array(apiKeySchema) }), 'The keys') },
      }),
      async (c) => {
        const scope = ledgerScope(c.get('identity'));
        return c.json({ keys: await keys.list(scope ?? c.req.valid('query').userId ?? null) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Make a key; its secret is shown this once',
        request: { body: jsonBody(apiKeyInputSchema) },
        responses: { 201: jsonContent(createdApiKeySchema, 'The key and its secret') },
      }),
      async (c) => c.json(await keys.create(c.get('identity'), c.req.valid('json') as ApiKeyInput), 201),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tags,
        summary: 'Revoke a key: it opens nothing from now on, and stays in the list',
        request: { params: idParam },
        responses: { 200: jsonContent(apiKeySchema, 'The key') },
      }),
      async (c) => c.json(await keys.revoke(c.get('identity'), c.req.valid('param').id), 200),
    );
}
