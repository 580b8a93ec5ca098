// What was called and spent, grouped, and the same as a file for a spreadsheet.
import { createRoute, z } from '@hono/zod-openapi';
import { type UsageQuery, usageQuerySchema, usageReportSchema } from '../../contracts/usage.ts';
import { contentDisposition } from '../content-disposition.ts';
import { createRouter, jsonContent, ledgerScope } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';
import { usageCsv } from '../usage-csv.ts';

const path = '/atelier/v1/usage';
const tags = ['usage'];

export function usageRoutes({ ledger, access: { audit } }: Pick<ApiServices, 'ledger' | 'access'>) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Calls, tokens, money and latency by hour, day, model, person, key, app or source',
        description:
          'Admins and auditors see everybody’s, others their own. Hours and days are of UTC. Money is in nano-dollars.',
        request: { query: usageQuerySchema },
        responses: { 200: jsonContent(usageReportSchema, 'The figures') },
      }),
      async (c) =>
        c.json(
          await ledger.usageReport(c.req.valid('query') as UsageQuery, ledgerScope(c.get('identity'))),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}.csv`,
        tags,
        summary: 'The same as CSV',
        request: { query: usageQuerySchema },
        responses: { 200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } } },
      }),
      async (c) => {
        const query = c.req.valid('query') as UsageQuery;
        const who = c.get('identity');
        const report = await ledger.usageReport(query, ledgerScope(who));
        await audit.record(who, 'usage.export', ledgerScope(who) ?? 'everybody');
        return c.body(usageCsv(report, query.by), 200, {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': contentDisposition(`usage-by-${query.by}.csv`),
        }) as never;
      },
    );
}
