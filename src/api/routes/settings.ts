// Settings of the program, and what each person has set for themselves.
import { createRoute, z } from '@hono/zod-openapi';
import { personalSettingsSchema, type Settings, settingsSchema } from '../../contracts/system.ts';
import type { PersonalChange } from '../../store/user-settings.ts';
import { createRouter, jsonBody, jsonContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/settings';
const ownPath = '/atelier/v1/me/settings';
const tags = ['system'];
const { language, theme, trainingConsent } = personalSettingsSchema.shape;
const personalChange = z
  .object({
    language: language.nullable(),
    theme: theme.nullable(),
    trainingConsent: trainingConsent.nullable(),
  })
  .partial()
  .strict();

export function settingsRoutes({
  settings,
  userSettings,
  access: { audit },
}: Pick<ApiServices, 'settings' | 'userSettings' | 'access'>) {
  const own = jsonContent(personalSettingsSchema, 'Your settings; those of the program where you chose none');
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
    )
    .openapi(
      createRoute({
        method: 'get',
        path: ownPath,
        tags,
        summary: 'Your own theme and language, and whether models may learn from you',
        responses: { 200: own },
      }),
      async (c) => c.json(await userSettings.get(c.get('identity')), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: ownPath,
        tags,
        summary: 'Choose your own theme, language and consent; null: as the program has it',
        request: { body: jsonBody(personalChange) },
        responses: { 200: own },
      }),
      async (c) =>
        c.json(await userSettings.update(c.get('identity'), c.req.valid('json') as PersonalChange), 200),
    );
}
