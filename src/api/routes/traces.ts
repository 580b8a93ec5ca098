// The ledger: traces, one with its spans, and exports as JSON lines.
import { createRoute, z } from '@hono/zod-openapi';
import type { TraceFilter } from '../../contracts/span.ts';
import { traceFilterSchema, traceSchema, traceSummarySchema } from '../../contracts/span.ts';
import {
  createRouter,
  idSchema,
  jsonContent,
  jsonLines,
  ledgerScope,
  linesResponse,
} from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/traces';
const tags = ['traces'];

export function traceRoutes({ ledger, access: { audit } }: Pick<ApiServices, 'ledger' | 'access'>) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Traces, newest first',
        request: { query: traceFilterSchema },
        responses: {
          200: jsonContent(
            z.object({ traces: z.array(traceSummarySchema), nextCursor: z.string().nullable() }),
            'A page of traces',
          ),
        },
      }),
      async (c) =>
        c.json(
          await ledger.listTraces(c.req.valid('query') as TraceFilter, ledgerScope(c.get('identity'))),
          200,
        ),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/export`,
        tags,
        summary: 'The traces of a filter, a line each, oldest first',
        request: { query: traceFilterSchema },
        responses: { 200: jsonLines },
      }),
      async (c) => {
        const who = c.get('identity');
        await audit.record(who, 'traces.export', ledgerScope(who) ?? 'everybody');
        return linesResponse(
          ledger.exportTraces(c.req.valid('query') as TraceFilter, ledgerScope(who)),
          'traces.jsonl',
        ) as never;
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{traceId}`,
        tags,
        summary: 'A trace with its spans and scores',
        request: { params: z.object({ traceId: idSchema }) },
        responses: { 200: jsonContent(traceSchema, 'The trace') },
      }),
      async (c) =>
        c.json(await ledger.getTrace(c.req.valid('param').traceId, ledgerScope(c.get('identity'))), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/atelier/v1/ratings/export',
        tags,
        summary: 'Rated answers, a line each: messages, answer, rating, reason, correction',
        responses: { 200: jsonLines },
      }),
      async (c) => {
        const who = c.get('identity');
        await audit.record(who, 'ratings.export', ledgerScope(who) ?? 'everybody');
        return linesResponse(ledger.exportRatings(ledgerScope(who)), 'ratings.jsonl') as never;
      },
    );
}
