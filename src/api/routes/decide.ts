// POST /atelier/v1/decide: a typed decision with probabilities.
import { createRoute } from '@hono/zod-openapi';
import { decideInputSchema, decisionSchema } from '../../contracts/app.ts';
import type { Decider } from '../../models/decider.ts';
import { createRouter, jsonBody, jsonContent, sourceOf } from '../route-parts.ts';

export function decideRoutes({ decider }: { decider: Decider }) {
  return createRouter().openapi(
    createRoute({
      method: 'post',
      path: '/atelier/v1/decide',
      tags: ['apps'],
      summary: 'A choice, a yes or no, or a score, with the model’s own probabilities',
      request: { body: jsonBody(decideInputSchema) },
      responses: { 200: jsonContent(decisionSchema, 'The decision') },
    }),
    async (c) =>
      c.json(
        await decider.decide(
          c.req.valid('json'),
          { identity: c.get('identity'), source: sourceOf(c) },
          c.req.raw.signal,
        ),
        200,
      ),
  );
}
