// Settings of the program.
import { createRoute } from '@hono/zod-openapi';
import { type Settings, settingsSchema } from '../../contracts/system.ts';
import { createRouter, jsonBody, jsonContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/settings';
const tags = ['system'];

export function settingsRoutes({ settings, access: { audit } }: Pick<ApiServices, 'settings' | 'access'>) {
  const current = jsonContent(settingsSchema, 'The settings');
  return createRouter()
    .openapi(
      createRoute({ method: 'get', path, tags, summary: 'The settings', responses: { 200: current } }),
      (c) => c.json(settings.get(), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path,
        tags,
        summary: 'Change some settings',
        request: { body: jsonBody(settingsSchema.partial().strict()) },
        responses: { 200: current },
      }),
      async (c) => {
        const changes = c.req.valid('json') as Partial<Settings>;
        const now = await settings.update(changes);
        await audit.record(c.get('identity'), 'settings.change', 'settings', changes);
        return c.json(now, 200);
      },
    );
}
