// The people of this Atelier, for admins; auditors read.
import { createRoute, z } from '@hono/zod-openapi';
import {
  type UserChange,
  type UserInput,
  userChangeSchema,
  userInputSchema,
  userSchema,
} from '../../contracts/access.ts';
import { createRouter, idParam, jsonBody, jsonContent, noContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/users';
const tags = ['access'];

const removeQuery = z.object({
  forget: z
    .enum(['examples'])
    .optional()
    .describe('Also remove their words from the datasets: examples, and every version that holds them'),
});

export function userRoutes({
  access: { people, audit },
  learning: { datasets },
}: Pick<ApiServices, 'access' | 'learning'>) {
  const user = jsonContent(userSchema, 'The person');
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Everybody who may sign in',
        responses: { 200: jsonContent(z.object({ users: z.array(userSchema) }), 'The first is the oldest') },
      }),
      async (c) => c.json({ users: await people.list() }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Add a person',
        request: { body: jsonBody(userInputSchema) },
        responses: { 201: user },
      }),
      async (c) => c.json(await people.add(c.get('identity'), c.req.valid('json') as UserInput), 201),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: `${path}/{id}`,
        tags,
        summary: 'Change a person: name, email, role, password, disabled',
        request: { params: idParam, body: jsonBody(userChangeSchema) },
        responses: { 200: user },
      }),
      async (c) =>
        c.json(
          await people.change(
            c.get('identity'),
            c.req.valid('param').id,
            c.req.valid('json') as UserChange,
            c.get('sessionId'),
          ),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tags,
        summary: 'Remove a person: sessions end, keys are revoked; what they made stays in the store',
        request: { params: idParam, query: removeQuery },
        responses: { 204: noContent },
      }),
      async (c) => {
        const { id } = c.req.valid('param');
        await people.remove(c.get('identity'), id);
        if (c.req.valid('query').forget === 'examples')
          await audit.record(c.get('identity'), 'account.forget', id, await datasets.forgetPerson(id));
        return c.body(null, 204);
      },
    );
}
