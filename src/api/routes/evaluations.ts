// Evaluations: models, prompts and parameters on the same examples, with intervals; their results one by one.
import { createRoute, z } from '@hono/zod-openapi';
import {
  type EvaluationInput,
  evaluationInputSchema,
  evaluationResultSchema,
  evaluationSchema,
} from '../../contracts/evaluation.ts';
import { recordEvaluation } from '../learning-audit.ts';
import {
  createRouter,
  idParam,
  idSchema,
  jsonBody,
  jsonContent,
  linesResponse,
  newestQuery,
  noContent,
  sent,
} from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/evaluations';
const tags = ['learning'];
const evaluation = jsonContent(evaluationSchema, 'The evaluation');
const pageSchema = z.object({
  subject: z.coerce.number().int().min(0).optional(),
  only: z
    .enum(['better', 'worse', 'equal', 'failed'])
    .optional()
    .describe('Against the first subject, or those that ended in an error'),
  cursor: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function evaluationRoutes({
  learning: { evaluations },
  access: { audit },
}: Pick<ApiServices, 'learning' | 'access'>) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Evaluations, newest first',
        request: { query: newestQuery },
        responses: {
          200: jsonContent(
            z.object({ evaluations: z.array(evaluationSchema), nextCursor: z.string().nullable() }),
            'A page of evaluations',
          ),
        },
      }),
      async (c) => c.json(await evaluations.list(c.get('identity'), sent(c.req.valid('query'))), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path,
        tags,
        summary: 'Ask subjects the examples of a dataset, and judge what they say',
        description:
          'Each alias is pinned to the model that it names now. The same subject with two prompt versions, or with several values of a parameter, is compared in the same way.',
        request: { body: jsonBody(evaluationInputSchema) },
        responses: { 201: evaluation },
      }),
      async (c) => {
        const who = c.get('identity');
        const started = await evaluations.start(who, c.req.valid('json') as EvaluationInput);
        await recordEvaluation(audit, who, 'start', started);
        return c.json(started, 201);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}`,
        tags,
        summary: 'An evaluation, with the figures that are known so far',
        request: { params: idParam },
        responses: { 200: evaluation },
      }),
      async (c) => c.json(await evaluations.get(c.get('identity'), c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: `${path}/{id}`,
        tags,
        summary: 'Stop an evaluation and remove its results',
        request: { params: idParam },
        responses: { 204: noContent },
      }),
      async (c) => {
        const who = c.get('identity');
        const removed = await evaluations.get(who, c.req.valid('param').id);
        await evaluations.remove(who, removed.id);
        await recordEvaluation(audit, who, 'remove', removed);
        return c.body(null, 204);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/results`,
        tags,
        summary: 'What each subject said of each example',
        request: { params: idParam, query: pageSchema },
        responses: {
          200: jsonContent(
            z.object({ results: z.array(evaluationResultSchema), nextCursor: z.string().nullable() }),
            'A page of results',
          ),
        },
      }),
      async (c) => {
        const { limit, ...query } = c.req.valid('query');
        const page = { ...sent(query), limit };
        return c.json(await evaluations.results(c.get('identity'), c.req.valid('param').id, page), 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}/export`,
        tags,
        summary: 'All results, a line each: JSON, or a table',
        request: {
          params: idParam,
          query: z.object({ format: z.enum(['jsonl', 'csv']).default('jsonl') }),
        },
        responses: {
          200: {
            description: 'A line an answer',
            content: {
              'application/x-ndjson': { schema: z.string() },
              'text/csv': { schema: z.string() },
            },
          },
        },
      }),
      async (c) => {
        const who = c.get('identity');
        const { id } = c.req.valid('param');
        const { format } = c.req.valid('query');
        // What is refused is refused before the first line.
        await evaluations.get(who, id);
        await audit.record(who, 'evaluation.export', id, { format });
        const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
        return linesResponse(
          evaluations.export(who, id, format),
          `evaluation-${id}.${format}`,
          type,
        ) as never;
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/{action}`,
        tags,
        summary: 'Pause, resume or cancel an evaluation; nothing that is stored is asked again',
        request: { params: z.object({ id: idSchema, action: z.enum(['pause', 'resume', 'cancel']) }) },
        responses: { 200: evaluation },
      }),
      async (c) => {
        const { id, action } = c.req.valid('param');
        const who = c.get('identity');
        const changed = await evaluations[action](who, id);
        if (action === 'cancel') await recordEvaluation(audit, who, action, changed);
        return c.json(changed, 200);
      },
    );
}
