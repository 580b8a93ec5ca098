// Remote endpoints: addresses with their keys. A key goes in and never comes out.
import { createRoute, z } from '@hono/zod-openapi';
import {
  type ProviderInput,
  providerInputSchema,
  providerKindSchema,
  providerSchema,
  providerTestSchema,
} from '../../contracts/provider.ts';
import { describeKinds } from '../../models/providers/provider-adapters.ts';
import { createRouter, idParam, jsonBody, jsonContent, noContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/providers';
const tags = ['providers'];
// Without the default of `kind`, a change of the name alone would also set the kind.
const providerPatch = providerInputSchema.omit({ id: true, kind: true }).partial();

export function providerRoutes({ endpoints, access: { audit } }: Pick<ApiServices, 'endpoints' | 'access'>) {
  const provider = jsonContent(providerSchema, 'The provider');
  const outcome = jsonContent(providerTestSchema, 'What the endpoint answered');
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Configured endpoints',
        responses: { 200: jsonContent(z.object({ providers: z.array(providerSchema) }), 'The providers') },
      }),
      async (c) => c.json({ providers: await endpoints.list() }, 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/kinds`,
        tags,
        summary: 'Kinds of providers, with the address that each has and what it needs',
        responses: { 200: jsonContent(z.object({ kinds: z.array(providerKindSchema) }), 'The kinds') },
      }),
      (c) => c.json({ kinds: describeKinds() }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Add an endpoint',
        request: { body: jsonBody(providerInputSchema) },
        responses: { 201: provider },
      }),
      async (c) => {
        const made = await endpoints.create(c.req.valid('json'));
        await audit.record(c.get('identity'), 'provider.create', made.id, {
          name: made.name,
          kind: made.kind,
        });
        return c.json(made, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/test`,
        tags,
        summary: 'Try an endpoint without storing it',
        request: { body: jsonBody(providerInputSchema) },
        responses: { 200: outcome },
      }),
      async (c) => c.json(await endpoints.test({ input: c.req.valid('json') }), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: `${path}/{id}`,
        tags,
        summary: 'Change an endpoint; an absent key stays, null removes it',
        request: { params: idParam, body: jsonBody(providerPatch) },
        responses: { 200: provider },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        const change = c.req.valid('json') as Partial<ProviderInput>;
        const changed = await endpoints.update(id, change);
        // What was changed, and never to what: it may be a key.
        await audit.record(c.get('identity'), 'provider.change', id, { fields: Object.keys(change) });
        return c.json(changed, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tags,
        summary: 'Remove an endpoint and its key',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        await endpoints.remove(id);
        await audit.record(c.get('identity'), 'provider.remove', id);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/test`,
        tags,
        summary: 'Ask an endpoint for its models and store what came of it',
        request: { params: idParam },
        responses: { 200: outcome },
      }),
      async (c) => c.json(await endpoints.test({ id: c.req.valid('param').id }), 200),
    );
}
