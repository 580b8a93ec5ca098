// Models: what can answer, what can be had, names that stand for them, and prices.
import { createRoute, z } from '@hono/zod-openapi';
import { catalogueListingSchema, discoverySchema, pullInputSchema } from '../../contracts/catalogue.ts';
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import { isServed, modelInfoSchema } from '../../contracts/model.ts';
import { priceSchema } from '../../contracts/money.ts';
import { routeSchema, routeSettingsSchema } from '../../contracts/routing.ts';
import { taskSchema } from '../../contracts/task.ts';
import { mayUse } from '../../models/check-scope.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import { askableModels } from '../askable-models.ts';
import { createRouter, idParam, idSchema, jsonBody, jsonContent, noContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const tags = ['models'];
const aliasesSchema = z.object({
  aliases: z.record(z.string(), z.string()),
  routes: z.array(routeSchema).describe('The same with fallbacks, retries, limits, cache and policy'),
});
const aliasParam = z.object({
  alias: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, 'letters, digits, dots and dashes, no slash'),
});

const aliasesOf = async (registry: ModelRegistry) => ({
  aliases: await registry.aliases(),
  routes: await registry.routes(),
});

/** What `default` stands for now; null while nothing can answer. */
async function defaultModel(registry: ModelRegistry): Promise<string | null> {
  try {
    return (await registry.resolve('default')).info.id;
  } catch (error) {
    const expected = ['model_not_found', 'model_not_installed', 'model_loading'];
    if (isAtelierError(error) && expected.includes(error.code)) return null;
    throw error;
  }
}

export function modelRoutes({ registry, library, learning, access: { audit } }: ApiServices) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/models',
        tags,
        summary: 'Models that can be asked now, the default first',
        responses: {
          200: jsonContent(
            aliasesSchema.extend({ models: z.array(modelInfoSchema), default: z.string().nullable() }),
            'Models and aliases',
          ),
        },
      }),
      async (c) => {
        const who = c.get('identity');
        const [models, all, chosen] = await Promise.all([
          askableModels(registry, who),
          aliasesOf(registry),
          defaultModel(registry),
        ]);
        // The page shows apps and agents where they are at home.
        const own = models.filter((model) => !isServed(model));
        const may = (asked: string, model: string) => mayUse(who, model, asked);
        return c.json(
          {
            models: own,
            aliases: Object.fromEntries(
              Object.entries(all.aliases).filter(([alias, model]) => may(alias, model)),
            ),
            routes: all.routes.filter(({ alias, model }) => may(alias, model)),
            default: chosen !== null && may('default', chosen) ? chosen : null,
          },
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/atelier/v1/models/{id{.+}}',
        tags,
        summary: 'Remove a model from this machine',
        description: 'The id is `local/<name>`, its slash plain or as %2F.',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        if (!id.startsWith('local/')) {
          throw new AtelierError(
            'invalid_request',
            `Only models of this machine can be removed, and their ids start with local/ (got ${JSON.stringify(id)}). A remote model goes with its provider.`,
            { data: { param: 'id', id } },
          );
        }
        await learning.requireRemovableModel(id);
        await library.remove(id.slice('local/'.length));
        await audit.record(c.get('identity'), 'model.remove', id);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/catalogue',
        tags,
        summary: 'Models that can be had, and whether this machine can run them',
        responses: {
          200: jsonContent(z.object({ listings: z.array(catalogueListingSchema) }), 'The catalogue'),
        },
      }),
      async (c) => c.json({ listings: await library.catalogue() }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/atelier/v1/models/pull',
        tags,
        summary: 'Fetch a model, or take one that lies on this machine',
        request: { body: jsonBody(pullInputSchema) },
        responses: { 202: jsonContent(taskSchema, 'The download') },
      }),
      async (c) => {
        const input = c.req.valid('json');
        if ('path' in input && c.get('identity').role !== 'admin')
          throw new AtelierError(
            'forbidden',
            'Only an admin may take a file of the server’s disk as a model. Name one of the catalogue, or a repository.',
          );
        return c.json(await library.pull(input), 202);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/discovery',
        tags,
        summary: 'Model files of other programs and endpoints that answer on this machine',
        responses: { 200: jsonContent(discoverySchema, 'What was found') },
      }),
      async (c) => c.json(await library.discover(c.req.raw.signal), 200),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/atelier/v1/aliases/{alias}',
        tags,
        summary: 'Let a short name stand for a model, and say which answers when it fails',
        description: 'Without `settings` those that the alias has stay.',
        request: {
          params: aliasParam,
          body: jsonBody(z.object({ model: idSchema, settings: routeSettingsSchema.optional() })),
        },
        responses: { 200: jsonContent(aliasesSchema, 'All aliases') },
      }),
      async (c) => {
        const { model, settings } = c.req.valid('json');
        const { alias } = c.req.valid('param');
        await registry.setAlias(alias, model, settings);
        await audit.record(c.get('identity'), 'alias.set', alias, { model });
        return c.json(await aliasesOf(registry), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/atelier/v1/aliases/{alias}',
        tags,
        summary: 'Take a short name back',
        request: { params: aliasParam },
        responses: { 200: jsonContent(aliasesSchema, 'The aliases that are left') },
      }),
      async (c) => {
        const { alias } = c.req.valid('param');
        await registry.removeAlias(alias);
        await audit.record(c.get('identity'), 'alias.remove', alias);
        return c.json(await aliasesOf(registry), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/atelier/v1/prices',
        tags,
        summary: 'State what a model costs from now on',
        request: { body: jsonBody(z.object({ model: idSchema, price: priceSchema })) },
        responses: { 204: noContent },
      }),
      async (c) => {
        const { model, price } = c.req.valid('json');
        await registry.setPrice(model, price);
        await audit.record(c.get('identity'), 'price.set', model, { price: JSON.stringify(price) });
        return c.body(null, 204);
      },
    );
}
