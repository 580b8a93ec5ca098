// Tasks: long work as a person sees it, with pause, resume and cancel.
import { createRoute, z } from '@hono/zod-openapi';
import { taskSchema } from '../../contracts/task.ts';
import { createRouter, idParam, idSchema, jsonContent } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';

const path = '/atelier/v1/tasks';
const tags = ['tasks'];

export function taskRoutes({ jobs }: ApiServices) {
  const task = jsonContent(taskSchema, 'The task');
  return createRouter()
    .openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Tasks, newest first',
        request: {
          query: z.object({
            open: z.stringbool().optional().describe('Only those that have not ended'),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
        },
        responses: { 200: jsonContent(z.object({ tasks: z.array(taskSchema) }), 'The tasks') },
      }),
      async (c) => {
        const { open, limit } = c.req.valid('query');
        return c.json({ tasks: await jobs.list({ limit, ...(open === undefined ? {} : { open }) }) }, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: `${path}/{id}`,
        tags,
        summary: 'A task',
        request: { params: idParam },
        responses: { 200: task },
      }),
      async (c) => c.json(await jobs.get(c.req.valid('param').id), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: `${path}/{id}/{action}`,
        tags,
        summary: 'Pause, resume or cancel a task',
        request: { params: z.object({ id: idSchema, action: z.enum(['pause', 'resume', 'cancel']) }) },
        responses: { 200: task },
      }),
      async (c) => {
        const { id, action } = c.req.valid('param');
        return c.json(await jobs[action](id), 200);
      },
    );
}
