// What waits for a person's yes or no.
import { createRoute, z } from '@hono/zod-openapi';
import type { Agents } from '../../agent/agents.ts';
import { type ApprovalAnswer, approvalAnswerSchema, approvalSchema } from '../../contracts/agent.ts';
import { createRouter, idParam, idSchema, jsonBody, jsonContent } from '../route-parts.ts';

const path = '/atelier/v1/approvals';
const tags = ['agents'];

export function approvalRoutes({ agents }: { agents: Pick<Agents, 'approvals' | 'respond'> }) {
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Approvals, the oldest first',
        request: {
          query: z.object({
            open: z.enum(['true', 'false']).default('true').describe('Only those that wait'),
            runId: idSchema.optional(),
          }),
        },
        responses: { 200: jsonContent(z.object({ approvals: z.array(approvalSchema) }), 'The approvals') },
      }),
      async (c) => {
        const { open, runId } = c.req.valid('query');
        return c.json(
          {
            approvals: await agents.approvals(c.get('identity'), {
              open: open === 'true',
              ...(runId === undefined ? {} : { runId }),
            }),
          },
          200,
        );
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}`,
        tags,
        summary: 'Answer: yes, no with a reason, or yes with other arguments',
        request: { params: idParam, body: jsonBody(approvalAnswerSchema) },
        responses: { 200: jsonContent(approvalSchema, 'The approval, answered; the run goes on') },
      }),
      async (c) =>
        c.json(
          await agents.respond(
            c.get('identity'),
            c.req.valid('param').id,
            c.req.valid('json') as ApprovalAnswer,
          ),
          200,
        ),
    );
}
