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

export function userRoutes({ access: { people } }: Pick<ApiServices, 'access'>) {
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
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        await people.remove(c.get('identity'), c.req.valid('param').id);
        return c.body(null, 204);
      },
    );
}
