// Who changed what, for admins and auditors.
import { createRoute, z } from '@hono/zod-openapi';
import { auditEntrySchema } from '../../contracts/access.ts';
import { createRouter, idSchema, jsonContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

export function auditRoutes({ access: { audit } }: Pick<ApiServices, 'access'>) {
  return createRouter().openapi(
    createRoute({
      method: 'get',
      path: '/atelier/v1/audit',
      tags: ['access'],
      summary: 'Changes of people, keys, providers, prices, budgets and settings, newest first',
      request: {
        query: z.object({
          limit: z.coerce.number().int().min(1).max(200).default(50),
          before: idSchema.optional().describe('The id of the last entry of the page before'),
          userId: idSchema.optional(),
          action: idSchema.optional().describe('Such as key.create'),
        }),
      },
      responses: { 200: jsonContent(z.object({ entries: z.array(auditEntrySchema) }), 'The entries') },
    }),
    async (c) => c.json({ entries: await audit.list(c.req.valid('query')) }, 200),
  );
}
